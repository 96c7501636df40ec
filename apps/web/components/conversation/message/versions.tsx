'use client';

import type { Message, MessageVersion } from '@lockstep/protocol';
import { useLocale } from 'next-intl';
import { useEffect, useState } from 'react';
import { useReadable } from '@/components/people/mention-names.ts';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { breakable } from '@/lib/breakable.tsx';
import { errorOf } from '@/lib/error-of.ts';
import { fullTime } from '@/lib/time.ts';

type Loaded = MessageVersion[] | 'loading' | 'failed' | 'authorOnly';

const Named = ({ text }: { text: string }) => breakable(useReadable(text));

const VersionList = ({ message }: { message: Message }) => {
  const t = useTranslations('conversation.versions');
  const locale = useLocale();
  const [loaded, setLoaded] = useState<Loaded>('loading');
  const { conversationId, seq, rev } = message;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another edit (rev) makes another version.
  useEffect(() => {
    let live = true;
    api.messages.versions.query({ conversationId, seq }).then(
      (versions) => live && setLoaded(versions),
      (error) => live && setLoaded(errorOf(error).code === 'forbidden' ? 'authorOnly' : 'failed'),
    );
    return () => {
      live = false;
    };
  }, [conversationId, seq, rev]);

  if (loaded === 'loading') {
    return (
      <div role="status" aria-label={t('loading')} className="space-y-2 p-4 pt-2">
        <Skeleton className="h-3 w-28" />
        <Skeleton className="h-4 w-52" />
      </div>
    );
  }
  if (loaded === 'authorOnly') return <p className="p-4 pt-2 text-ink-muted text-sm">{t('authorOnly')}</p>;
  if (loaded === 'failed') return <p className="p-4 pt-2 text-danger-ink text-sm">{t('failed')}</p>;
  const earlier = loaded.filter((version) => version.body !== message.body).reverse();
  const older = (loaded[0]?.version ?? 1) - 1;
  if (earlier.length === 0) return <p className="p-4 pt-2 text-ink-muted text-sm">{t('none')}</p>;
  return (
    <ol className="scroll-quiet max-h-80 divide-y divide-line px-4 pb-2">
      {earlier.map((version) => (
        <li key={version.version} className="py-2.5">
          <time
            dateTime={new Date(version.createdAt).toISOString()}
            className="block text-ink-subtle text-xs tabular-nums"
          >
            {fullTime(locale, version.createdAt)}
          </time>
          <p dir="auto" className="mt-0.5 whitespace-pre-wrap text-base [overflow-wrap:anywhere]">
            <Named text={version.body} />
          </p>
        </li>
      ))}
      {older > 0 && <li className="py-2.5 text-ink-muted text-sm">{t('older', { count: older })}</li>}
    </ol>
  );
};

/** "edited": says when, and opens the earlier texts. */
export const EditedMark = ({ message, editedAt }: { message: Message; editedAt: number }) => {
  const t = useTranslations('conversation');
  const locale = useLocale();
  const label = t('message.editedAt', { when: fullTime(locale, editedAt) });
  return (
    <Popover>
      <PopoverTrigger asChild>
        <button
          type="button"
          aria-label={label}
          title={label}
          data-testid="edited"
          className="ms-1.5 rounded-sm align-baseline text-ink-subtle text-xs hover:text-ink hover:underline"
        >
          ({t('message.edited')})
        </button>
      </PopoverTrigger>
      <PopoverContent
        align="start"
        className="w-80 max-w-[calc(100vw-1rem)]"
        aria-label={t('versions.title')}
      >
        <h3 className="px-4 pt-3 font-semibold text-sm">{t('versions.title')}</h3>
        <VersionList message={message} />
      </PopoverContent>
    </Popover>
  );
};
