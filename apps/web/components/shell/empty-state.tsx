'use client';

import { Hash, Link, type LucideIcon, MessageSquare, Search, Users } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { type DialogRequest, useDialogs } from '@/lib/dialogs.tsx';
import { useMe } from '@/lib/me.tsx';
import { useSync } from '@/lib/sync/index.ts';
import { useModifier } from '@/lib/use-modifier.ts';
import { Kbd } from '../ui/kbd.tsx';
import { Logo } from '../ui/logo.tsx';

function Step({
  icon: Icon,
  title,
  text,
  to,
}: {
  icon: LucideIcon;
  title: string;
  text: string;
  to: DialogRequest;
}) {
  const { show } = useDialogs();
  return (
    <li>
      <button
        type="button"
        onClick={() => show(to)}
        className="flex w-full items-center gap-4 px-4 py-3 text-left transition-colors hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="flex size-9 shrink-0 items-center justify-center rounded-md bg-accent-soft text-accent-ink">
          <Icon aria-hidden className="size-4.5" />
        </span>
        <span className="min-w-0">
          <span className="block font-medium">{title}</span>
          <span className="block text-ink-subtle text-sm">{text}</span>
        </span>
      </button>
    </li>
  );
}

/** Beside the list while nothing is open: what to do next. */
export function EmptyState() {
  const t = useTranslations('shell');
  const { me } = useMe();
  const modifier = useModifier();
  const empty = useSync((state) => state.caughtUp && state.inbox.size === 0);
  const waiting = useSync((state) => !state.caughtUp && state.inbox.size === 0);
  if (waiting) return null;
  return (
    <div className="scroll-quiet flex flex-1 flex-col items-center px-6 py-12">
      <div className="fade-in-0 my-auto w-full max-w-md animate-in duration-200">
        <Logo className="mb-5 size-10" />
        <h1 className="break-words font-semibold text-lg">
          {empty ? t('welcomeTitle', { name: me.name }) : t('emptyTitle')}
        </h1>
        <p className="mt-1.5 text-ink-muted">
          {empty
            ? t('welcomeText')
            : t.rich('emptyText', { shortcut: () => <Kbd className="align-middle">{modifier}K</Kbd> })}
        </p>
        <ul className="mt-6 divide-y divide-line overflow-hidden rounded-lg border border-line">
          {me.role === 'admin' && (
            <Step icon={Link} title={t('nextInvite')} text={t('nextInviteText')} to={{ type: 'invite' }} />
          )}
          <Step
            icon={MessageSquare}
            title={t('nextDirect')}
            text={t('nextDirectText')}
            to={{ type: 'direct' }}
          />
          <Step icon={Users} title={t('nextGroup')} text={t('nextGroupText')} to={{ type: 'group' }} />
          <Step icon={Hash} title={t('nextChannel')} text={t('nextChannelText')} to={{ type: 'channel' }} />
          <Step icon={Search} title={t('nextBrowse')} text={t('nextBrowseText')} to={{ type: 'browse' }} />
        </ul>
      </div>
    </div>
  );
}
