import {
  type InboxEntry,
  isArchived,
  isMuted,
  isRecalled,
  type Message,
  type Millis,
  stateOf,
  UNREAD_CAP,
} from '@lockstep/protocol';

/** What the list shows beside one conversation. */
interface Badge {
  /** `dot` where it was marked unread and nothing else waits. */
  kind: 'none' | 'count' | 'dot';
  /** Unread messages, to UNREAD_CAP at most. */
  count: number;
  /** Those of them that mention me. */
  mentions: number;
  /** Shown, but quiet. */
  muted: boolean;
}

type Personal = Pick<
  InboxEntry,
  'unread' | 'mentions' | 'markedUnread' | 'mutedUntil' | 'archivedSeq' | 'conversation'
>;

export const badgeOf = (entry: Personal, now: Millis): Badge => ({
  kind: entry.unread > 0 ? 'count' : entry.markedUnread ? 'dot' : 'none',
  count: entry.unread,
  mentions: Math.min(entry.mentions, entry.unread),
  muted: isMuted(entry, now),
});

/** The total over all conversations, for the tab's title and icon. */
export interface Waiting {
  /** Conversations with something unread that are not muted. */
  conversations: number;
  /** Whether one of them mentions me. */
  mentioned: boolean;
}

export const waitingIn = (entries: Iterable<Personal>, now: Millis): Waiting => {
  let conversations = 0;
  let mentioned = false;
  for (const entry of entries) {
    if (entry.unread === 0 && !entry.markedUnread) continue;
    if (isMuted(entry, now) || (isArchived(entry, now) && !entry.markedUnread)) continue;
    conversations++;
    mentioned ||= entry.unread > 0 && entry.mentions > 0;
  }
  return { conversations, mentioned };
};

/** How the number of a badge is derived (rule 7). */
export interface Explanation {
  headSeq: number;
  readSeq: number;
  /** Messages after the read position, of every kind. */
  after: number;
  unread: number;
  /** The unread count stops here: there may be more. */
  capped: boolean;
  mentions: number;
  markedUnread: boolean;
  muted: boolean;
  /** Why the rest of `after` does not count; null until the messages are known. */
  apart: { own: number; system: number; recalled: number } | null;
}

/** `messages` are those after the read position, or null if they are not available. */
export const explainBadge = (
  entry: InboxEntry,
  messages: readonly Message[] | null,
  meId: string,
  now: Millis,
): Explanation => {
  const { headSeq } = entry.conversation;
  const after = headSeq - entry.readSeq;
  const between = messages?.filter(({ seq }) => seq > entry.readSeq && seq <= headSeq);
  const apart = { own: 0, system: 0, recalled: 0 };
  for (const message of between ?? []) {
    if (stateOf(message) === 'system') apart.system++;
    else if (message.senderId === meId) apart.own++;
    else if (isRecalled(message)) apart.recalled++;
  }
  return {
    headSeq,
    readSeq: entry.readSeq,
    after,
    unread: entry.unread,
    capped: entry.unread >= UNREAD_CAP,
    mentions: Math.min(entry.mentions, entry.unread),
    markedUnread: entry.markedUnread,
    muted: isMuted(entry, now),
    apart: between && between.length === after ? apart : null,
  };
};
