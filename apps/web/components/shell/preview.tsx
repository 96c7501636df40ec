'use client';

import type { InboxEntry, Message } from '@lockstep/protocol';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { withoutMarkup } from '@/lib/markup.ts';
import { type OutboxItem, usePerson } from '@/lib/sync/index.ts';
import { useNamed } from '../people/mention-names.ts';
import { useMe } from './me-context.tsx';

/** The first words of a markdown text, without its signs: enough for a line in a list. */
export const plainPreview = (body: string): string =>
  withoutMarkup(body.slice(0, 300)).replace(/\s+/g, ' ').trim();

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
  const { me } = useMe();
  const { last, conversation } = entry;
  const sender = usePerson(last?.senderId ?? me.id);
  const systemText = useSystemText();
  const named = useNamed(last?.body ?? '');
  if (!last) return t('previewEmpty');
  if (last.body === null) return <span className="italic">{systemText(last)}</span>;
  const text = plainPreview(named);
  if (last.senderId === me.id) return entry.peerId === me.id ? text : t('previewYou', { text });
  if (conversation.kind === 'direct' || !sender) return text;
  return t('previewName', { name: sender.name.split(' ')[0] ?? sender.name, text });
}

/** What I have begun to write there, on whichever device. */
export function DraftPreview({ text }: { text: string }) {
  const t = useTranslations('shell');
  const named = useNamed(text);
  return (
    <span data-testid="draft-preview">
      {t.rich('draft', {
        text: plainPreview(named),
        b: (chunks) => <span className="font-medium text-accent-ink">{chunks}</span>,
      })}
    </span>
  );
}

/** What I have said there and the server does not have: refused, until I see to it, or on its way. */
export function UnsentPreview({ item }: { item: OutboxItem }) {
  const t = useTranslations('shell');
  const text = plainPreview(useNamed(item.body));
  if (item.state !== 'failed')
    return (
      <span data-testid="unsent-preview" data-unsent="pending">
        {t('previewYou', { text })}
      </span>
    );
  return (
    <span data-testid="unsent-preview" data-unsent="failed">
      <CircleAlert aria-hidden className="mr-1 inline size-3.5 align-[-0.15em] text-danger-ink" />
      {t.rich('notSent', {
        text,
        b: (chunks) => <span className="font-medium text-danger-ink">{chunks}</span>,
      })}
    </span>
  );
}
