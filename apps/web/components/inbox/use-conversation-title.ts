'use client';

import { type InboxEntry, traitsOf } from '@lockstep/protocol';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMe } from '@/lib/me.tsx';
import { usePerson } from '@/lib/sync/index.ts';

/** The title of a conversation; null while the other person's name is loading. */
export const useConversationTitle = (entry: InboxEntry | undefined): string | null => {
  const t = useTranslations('common');
  const { me } = useMe();
  const peer = usePerson(entry?.peerId ?? me.id);
  if (!entry) return null;
  if (traitsOf(entry.conversation.kind).hasTitle) return entry.conversation.title ?? '';
  if (entry.peerId === me.id) return t('notesToSelf');
  return peer?.name ?? null;
};
