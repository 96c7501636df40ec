'use client';

import { ChevronLeft, FileDown, type LucideIcon, ScrollText, Search, UsersRound } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';

const TABS: { name: 'people' | 'history' | 'audit' | 'exports'; icon: LucideIcon }[] = [
  { name: 'people', icon: UsersRound },
  { name: 'history', icon: Search },
  { name: 'audit', icon: ScrollText },
  { name: 'exports', icon: FileDown },
];

/** The pages of admins: a bar with all of them, and the way back. */
export function AdminFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('admin');
  const common = useTranslations('common');
  const pathname = usePathname();
  return (
    <div className="flex h-dvh flex-col bg-surface">
      <header className="shrink-0 border-line border-b bg-canvas px-4 max-md:pt-safe md:px-6">
        <div className="mx-auto flex h-14 max-w-5xl items-center gap-1 md:gap-3">
          {/* A full load: the app itself is another document. */}
          <a
            href="/"
            aria-label={common('backHome')}
            title={common('backHome')}
            className="-ml-2 flex size-9 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink max-md:size-11"
          >
            <ChevronLeft aria-hidden className="size-5" />
          </a>
          <span className="mr-3 truncate font-semibold text-md max-md:sr-only">{t('title')}</span>
          <nav aria-label={t('title')} className="flex min-w-0 flex-1 gap-1 overflow-x-auto">
            {TABS.map(({ name, icon: Icon }) => {
              const current = pathname === `/admin/${name}` || (name === 'history' && pathname === '/admin');
              return (
                <Link
                  key={name}
                  href={`/admin/${name}`}
                  aria-current={current ? 'page' : undefined}
                  className={cn(
                    'flex h-9 shrink-0 items-center gap-2 rounded-md px-3 font-medium max-md:h-11',
                    current ? 'bg-selected text-ink' : 'text-ink-muted hover:bg-hover hover:text-ink',
                  )}
                >
                  <Icon aria-hidden className="size-4 shrink-0 max-md:hidden" />
                  {t(`tabs.${name}`)}
                </Link>
              );
            })}
          </nav>
        </div>
      </header>
      <main className="scroll-quiet min-h-0 flex-1 px-4 pt-5 pb-[max(2rem,env(safe-area-inset-bottom))] md:px-6">
        <div className="mx-auto max-w-5xl">{children}</div>
      </main>
    </div>
  );
}
