'use client';

import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';

/** Where `toast()` of sonner shows up. */
export function Toaster() {
  const t = useTranslations('common');
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-center"
      // Above the composer, which one goes on using.
      offset={{ bottom: 132 }}
      mobileOffset={{ bottom: 132 }}
      containerAriaLabel={t('notifications')}
      toastOptions={{
        classNames: {
          toast:
            '!rounded-md !border-0 !bg-raised !text-ink !shadow-overlay !font-sans !text-base !gap-2.5 !py-3 !px-4',
          actionButton:
            '!ml-auto !h-7 !rounded-sm !bg-transparent !px-2 !font-medium !text-accent-ink !text-base hover:!bg-hover',
          description: '!text-ink-muted !text-sm',
          error: '[&_[data-icon]]:!text-danger-ink',
          success: '[&_[data-icon]]:!text-accent-ink',
        },
      }}
    />
  );
}
