'use client';

import type { ChannelListing } from '@lockstep/protocol';
import { Hash, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { isolated } from '@/lib/isolated.ts';
import { conversationPath, navigate } from '@/lib/navigation.ts';
import { useSync } from '@/lib/sync/index.ts';
import { Tag } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DialogContent } from '../ui/dialog.tsx';
import { Input } from '../ui/input.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { FormError } from './form-error.tsx';
import { useAction } from './use-action.ts';
import { useBrowse } from './use-browse.ts';
import { useOpened } from './use-opened.ts';

function Channel({ channel }: { channel: ChannelListing }) {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const { hide } = useDialogs();
  const opened = useOpened();
  const { busy, run } = useAction({ toastErrors: true });
  const joined = useSync((state) => state.inbox.has(channel.id)) || channel.joined;
  return (
    <li className="flex min-h-16 items-center gap-3 py-2.5">
      <span className="flex size-9 shrink-0 items-center justify-center rounded-md bg-pressed text-ink-muted">
        <Hash aria-hidden className="size-4.5" />
      </span>
      <div className="min-w-0 flex-1">
        <h3 className="flex items-center gap-2">
          <span className="truncate font-medium" dir="auto">
            {channel.title}
          </span>
          {joined && <Tag>{t('joined')}</Tag>}
        </h3>
        <p className="truncate text-ink-subtle text-sm">
          {common('members', { count: channel.memberCount })}
          {channel.topic && ` · ${isolated(channel.topic)}`}
        </p>
      </div>
      {joined ? (
        <Button
          size="sm"
          aria-label={`${t('open')}: ${isolated(channel.title ?? '')}`}
          onClick={() => {
            hide();
            navigate(conversationPath(channel.id));
          }}
        >
          {t('open')}
        </Button>
      ) : (
        <Button
          size="sm"
          variant="primary"
          busy={busy}
          aria-label={`${t('join')}: ${isolated(channel.title ?? '')}`}
          onClick={() =>
            void run(async () => opened(await api.conversations.join.mutate({ conversationId: channel.id })))
          }
        >
          {t('join')}
        </Button>
      )}
    </li>
  );
}

export function BrowseDialog({ query: initial = '' }: { query?: string }) {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const errors = useTranslations('errors');
  const { show } = useDialogs();
  const [query, setQuery] = useState(initial);
  const { channels, answered, more, loading, error, loadMore } = useBrowse(query);
  return (
    <DialogContent
      title={t('browseChannels')}
      description={t('browseText')}
      className="md:max-w-xl"
      footer={
        <Button size="sm" onClick={() => show({ type: 'channel' })}>
          <Plus aria-hidden className="size-4" />
          {t('newChannel')}
        </Button>
      }
    >
      <div className="sticky top-0 z-10 bg-raised pb-2">
        <div className="relative">
          <Search
            aria-hidden
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 size-4 text-ink-subtle"
          />
          <Input
            data-autofocus
            type="search"
            aria-label={t('browseSearch')}
            placeholder={t('browseSearch')}
            maxLength={100}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            className="pl-9"
          />
        </div>
      </div>
      <div className="min-h-64" aria-busy={loading}>
        {error && (
          <div className="mb-2 flex flex-col items-start gap-2">
            <FormError text={errors(error)} />
            <Button size="sm" onClick={loadMore}>
              {common('tryAgain')}
            </Button>
          </div>
        )}
        {answered === null && !error && <BrowseSkeleton />}
        {answered !== null && channels.length === 0 && (
          <p className="break-words py-10 text-center text-ink-subtle">
            {answered ? t('browseEmpty', { query: answered }) : t('browseNone')}
          </p>
        )}
        <ul className="divide-y divide-line">
          {channels.map((channel) => (
            <Channel key={channel.id} channel={channel} />
          ))}
        </ul>
        {more && (
          <div className="flex justify-center pt-3">
            <Button size="sm" busy={loading} onClick={loadMore}>
              {common('loadMore')}
            </Button>
          </div>
        )}
      </div>
    </DialogContent>
  );
}

const BrowseSkeleton = () => (
  <div aria-hidden>
    {['w-28', 'w-40', 'w-32', 'w-24'].map((width) => (
      <div key={width} className="flex h-16 items-center gap-3">
        <Skeleton className="size-9 rounded-md" />
        <div className="flex flex-1 flex-col gap-2">
          <Skeleton className={`h-3 ${width}`} />
          <Skeleton className="h-2.5 w-56 opacity-60" />
        </div>
      </div>
    ))}
  </div>
);
