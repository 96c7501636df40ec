'use client';

import type { ConversationKind, Message, SystemEvent } from '@lockstep/protocol';
import { useLocale } from 'next-intl';
import type { ReactNode } from 'react';
import { usePlainTranslations, useTranslations } from '@/i18n/use-translations.ts';
import { isolated } from '@/lib/isolated.ts';
import { useEngine, useSync } from '@/lib/sync/index.ts';
import { useConversation } from '../context.tsx';

/** Names before the rest becomes "and 4 others". */
const NAMED = 3;

const CREATED = {
  direct: 'system.createdDirect',
  group: 'system.createdGroup',
  channel: 'system.createdChannel',
} as const satisfies Record<ConversationKind, string>;

/** A name has a direction of its own, and turns nothing beside it. */
const bold = (chunks: ReactNode) => (
  <strong className="font-medium text-ink">
    <bdi>{chunks}</bdi>
  </strong>
);
const apart = (chunks: ReactNode) => <bdi>{chunks}</bdi>;

interface Shape {
  /** What becomes of names. */
  bold(chunks: ReactNode): ReactNode;
  /** What becomes of other words that somebody wrote. */
  apart(chunks: ReactNode): ReactNode;
  /** The same for each of several names in one text. */
  listed(name: string): string;
}

const MARKED: Shape = { bold, apart, listed: isolated };
const PLAIN: Shape = { bold: (chunks) => chunks, apart: (chunks) => chunks, listed: (name) => name };

/** What happened, worded for the reader: "Ann added you and Bob". */
export const SystemText = ({ message, event }: { message: Message; event: SystemEvent }) => {
  const people = useSync((state) => state.people);
  return useWording(useTranslations('conversation'))(message, event, MARKED, (id) => people.get(id)?.name);
};

/** The same as plain text for the clipboard, with the names that are known when it is asked for. */
export const useSystemWords = (): ((message: Message, event: SystemEvent) => string) => {
  const engine = useEngine();
  const wording = useWording(usePlainTranslations('conversation'));
  return (message, event) =>
    flat(wording(message, event, PLAIN, (id) => engine.getState().people.get(id)?.name));
};

const flat = (node: ReactNode): string =>
  Array.isArray(node) ? node.map(flat).join('') : typeof node === 'string' ? node : '';

type NameOf = (userId: string) => string | undefined;

const useWording = (t: ReturnType<typeof useTranslations<'conversation'>>) => {
  const common = useTranslations('common');
  const locale = useLocale();
  const { meId, entry } = useConversation();
  const { kind } = entry.conversation;
  return (
    message: Message,
    event: SystemEvent,
    { bold, apart, listed }: Shape,
    nameOf: NameOf,
  ): ReactNode => {
    const name = (userId: string, as: 'subject' | 'object') =>
      userId === meId ? t(`you.${as}`) : (nameOf(userId) ?? common('someone'));
    const names = (userIds: readonly string[], as: 'subject' | 'object') => {
      const shown = userIds.length > NAMED + 1 ? userIds.slice(0, NAMED) : userIds;
      const parts = shown.map((userId) => name(userId, as));
      const rest = userIds.length - shown.length;
      if (rest > 0) parts.push(t('system.others', { count: rest }));
      return new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' }).format(parts.map(listed));
    };
    const by = name(message.senderId, 'subject');

    switch (event.type) {
      case 'created': {
        return t.rich(CREATED[kind] ?? CREATED.group, { b: bold, by });
      }
      case 'renamed':
        return t.rich('system.renamed', { b: bold, by, title: event.title });
      case 'topic':
        return event.topic
          ? t.rich('system.topic', { b: bold, t: apart, by, topic: event.topic })
          : t.rich('system.topicCleared', { b: bold, by });
      case 'joined': {
        const alone = event.userIds.length === 1 && event.userIds[0] === message.senderId;
        return alone
          ? t.rich('system.joined', { b: bold, names: by })
          : t.rich('system.added', { b: bold, by, names: names(event.userIds, 'object') });
      }
      case 'left':
        return event.userId === message.senderId
          ? t.rich('system.left', { b: bold, by })
          : t.rich('system.removed', { b: bold, by, name: name(event.userId, 'object') });
      case 'role': {
        const values = { b: bold, by, name: name(event.userId, 'object') };
        if (event.role === 'owner') return t.rich('system.roleOwner', values);
        return t.rich(event.role === 'admin' ? 'system.roleAdmin' : 'system.roleMember', values);
      }
      default:
        return common('updateToSee');
    }
  };
};
