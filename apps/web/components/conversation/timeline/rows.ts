import { type Message, stateOf } from '@lockstep/protocol';
import { isAbout, type MessageChange } from '@lockstep/sync';
import { dayOf } from '../../../lib/time.ts';

/** Messages of one sender within this time stand under one name. In milliseconds. */
export const GROUP_WINDOW = 5 * 60_000;

/** What is needed of the engine's outbox (packages/sync: OutboxItem). */
export interface Unsent {
  clientId: string;
  body: string;
  createdAt: number;
  state: 'pending' | 'sending' | 'failed';
  error: string | null;
}

/** One line of the list: a message, or one of mine that is not stored yet. */
export interface Row {
  /** Sender and client id: the same before and after the acknowledgement, so a sent message neither moves nor flickers. */
  key: string;
  message: Message | null;
  unsent: Unsent | null;
  /** What was done to it last and is on its way, or was refused. */
  change: MessageChange | null;
  senderId: string;
  at: number;
  /** Whether name and picture are shown. */
  head: boolean;
  /** Midnight of the day that begins with this row. */
  day: number | null;
  /** Whether the "new messages" line stands above it. */
  firstNew: boolean;
  /** Whether it is the first message of the conversation. */
  start: boolean;
}

export interface RowInput {
  messages: readonly Message[];
  outbox: readonly Unsent[];
  changes: readonly MessageChange[];
  meId: string;
  hasBefore: boolean;
  hasAfter: boolean;
  /** The first message that was unread on opening, or null. */
  firstNewSeq: number | null;
}

/**
 * Lines of the list, oldest first. The oldest loaded message is held back while there are older ones: whether it starts
 * a day or a group is not known yet, and a line that is shown never changes its height because of its neighbours.
 */
export const buildRows = (input: RowInput): Row[] => {
  const { messages, outbox, changes, meId, hasBefore, hasAfter, firstNewSeq } = input;
  const rows: Row[] = [];
  let previous: { senderId: string; at: number; plain: boolean } | null = null;
  const push = (row: Omit<Row, 'head' | 'day'>, plain: boolean, shown: boolean) => {
    const day = dayOf(row.at);
    const newDay = !previous || dayOf(previous.at) !== day;
    const head: boolean =
      newDay ||
      row.firstNew ||
      !previous?.plain ||
      previous.senderId !== row.senderId ||
      row.at - previous.at > GROUP_WINDOW;
    if (shown) rows.push({ ...row, head, day: newDay ? day : null });
    previous = { senderId: row.senderId, at: row.at, plain };
  };
  messages.forEach((message, index) => {
    const row = {
      key: `${message.senderId}:${message.clientId}`,
      message,
      unsent: null,
      change: changes.findLast((change) => change.name !== 'annotate' && isAbout(change, message)) ?? null,
      senderId: message.senderId,
      at: message.createdAt,
      firstNew: message.seq === firstNewSeq,
      start: index === 0 && !hasBefore,
    };
    push(row, stateOf(message) !== 'system', index > 0 || !hasBefore || messages.length === 1);
  });
  if (hasAfter) return rows;
  const own = messages.slice(-200).filter((message) => message.senderId === meId);
  const stored = new Set(own.map((message) => message.clientId));
  for (const item of outbox) {
    if (stored.has(item.clientId)) continue;
    const row = {
      key: `${meId}:${item.clientId}`,
      message: null,
      unsent: item,
      change: null,
      senderId: meId,
      at: item.createdAt,
      firstNew: false,
      start: rows.length === 0 && !hasBefore,
    };
    push(row, true, true);
  }
  return rows;
};

/** The first message that someone else wrote after the read position, among those that are loaded. */
export const firstUnread = (messages: readonly Message[], readSeq: number, meId: string): number | null =>
  messages.find((m) => m.seq > readSeq && m.senderId !== meId && stateOf(m) === 'live')?.seq ?? null;
