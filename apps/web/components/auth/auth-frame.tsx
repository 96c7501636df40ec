import type { ReactNode } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { Logo } from '../ui/logo.tsx';
import { AuthPicture } from './auth-picture.tsx';
import { LanguageSwitch } from './language-switch.tsx';

/** The layout of the sign-in pages: the form on the left, a picture on the right. */
export function AuthFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('common');
  return (
    <div className="grid min-h-dvh bg-surface lg:grid-cols-[minmax(28rem,1fr)_1.15fr]">
      <main className="flex flex-col px-6 pt-safe pb-safe">
        <div className="flex h-20 items-center gap-2.5">
          <Logo className="size-7" />
          <span className="font-semibold text-md tracking-tight">{t('appName')}</span>
        </div>
        <div className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-8 max-md:justify-start">
          {children}
        </div>
        <div className="flex h-16 items-center">
          <LanguageSwitch />
        </div>
      </main>
      <AuthPicture />
    </div>
  );
}
