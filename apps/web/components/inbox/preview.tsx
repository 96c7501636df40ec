'use client';

import { hasText, type InboxEntry, isFullyKnown, type Message, stateOf, traitsOf } from '@lockstep/protocol';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMe } from '@/lib/me.tsx';
import { previewOf } from '@/lib/reading.ts';
import { type OutboxItem, usePerson } from '@/lib/sync/index.ts';
import { useReadable } from '../people/mention-names.ts';

/** What others have written has a direction of its own, and turns nothing beside it. */
const apart = (chunks: ReactNode) => <bdi>{chunks}</bdi>;

const usePreview = (body: string): string => useReadable(useMemo(() => previewOf(body), [body]));

const useSystemText = () => {
  const t = useTranslations('shell');
  return (message: Message): string => {
    const event = message.system;
    switch (event?.type) {
      case 'created':
        return t('previewCreated');
      case 'renamed':
        return t('previewRenamed', { title: event.title });
      case 'topic':
        return t('previewTopic');
      case 'joined':
        return t('previewJoined', { count: event.userIds.length });
      case 'left':
        return t('previewLeft');
      case 'role':
        return t('previewRole');
      default:
        return t('previewRecalled');
    }
  };
};

/** The last message in one line, with its sender's first name where more than one person could have said it. */
export function LastMessage({ entry }: { entry: InboxEntry }) {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const { me } = useMe();
  const { last, conversation } = entry;
  const sender = usePerson(last?.senderId ?? me.id);
  const systemText = useSystemText();
  const text = usePreview(last?.body ?? '');
  if (!last) return t('previewEmpty');
  if (!isFullyKnown(last) && !hasText(last)) return <span className="italic">{common('updateToSee')}</span>;
  if (stateOf(last) !== 'live') return <span className="italic">{systemText(last)}</span>;
  if (last.senderId === me.id)
    return entry.peerId === me.id ? apart(text) : t.rich('previewYou', { text, m: apart });
  if (traitsOf(conversation.kind).hasPeer || !sender) return apart(text);
  const name = sender.name.split(' ')[0] ?? sender.name;
  return t.rich('previewName', { name, text, n: apart, m: apart });
}

/** The user's draft, from any device. */
export function DraftPreview({ text }: { text: string }) {
  const t = useTranslations('shell');
  const preview = usePreview(text);
  return (
    <span data-testid="draft-preview">
      {t.rich('draft', {
        text: preview,
        m: apart,
        b: (chunks) => <span className="font-medium text-accent-ink">{chunks}</span>,
      })}
    </span>
  );
}

/** The user's messages and changes that the server does not have: pending, or refused until the user handles them. */
export function UnsentPreview({ item }: { item: Pick<OutboxItem, 'body' | 'state'> }) {
  const t = useTranslations('shell');
  const text = usePreview(item.body);
  if (item.state !== 'failed')
    return (
      <span data-testid="unsent-preview" data-unsent="pending">
        {t.rich('previewYou', { text, m: apart })}
      </span>
    );
  return (
    <span data-testid="unsent-preview" data-unsent="failed">
      <CircleAlert aria-hidden className="mr-1 inline size-3.5 align-[-0.15em] text-danger-ink" />
      {t.rich('notSent', {
        text,
        m: apart,
        b: (chunks) => <span className="font-medium text-danger-ink">{chunks}</span>,
      })}
    </span>
  );
}
