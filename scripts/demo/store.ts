import { editing, recalling } from '@lockstep/core';
import {
  appendHistory,
  changeMessage,
  createConversation,
  type Db,
  fanOut,
  type HistoryRow,
  setReadPosition,
  uuidv5,
} from '@lockstep/db';
import { type ConversationKind, type SystemEvent, traitsOf, type Visibility } from '@lockstep/protocol';
import type { People } from './accounts.ts';
import type { Key } from './cast.ts';
import type { Scheduled } from './schedule.ts';

export interface Stored {
  id: string;
  kind: ConversationKind;
  title: string | null;
  topic: string | null;
  visibility: Visibility;
  /** The first is the owner. */
  members: readonly Key[];
  messages: readonly Scheduled[];
  unread: { ann?: number | undefined; bo?: number | undefined };
}

const MINUTE = 60_000;

/**
 * Stores one conversation with its past: who made it, who came, the topic, what was said, edited and recalled. All ids
 * follow from the conversation, so that a second run after a crash goes on where the first ended. Returns how many
 * messages were new.
 */
export const storeConversation = async (
  db: Db,
  people: People,
  { id, kind, title, topic, visibility, members, messages }: Stored,
): Promise<number> => {
  const [owner] = members as [Key];
  const ids = members.map((key) => people[key]);
  const begun = new Date((messages[0]?.at ?? new Date()).getTime() - 90 * MINUTE);
  await createConversation(
    db,
    { id, kind, title, topic, visibility, createdBy: people[owner] },
    async (tx) => {
      await tx.join([people[owner]], traitsOf(kind).hasRoles ? 'owner' : 'member');
      await tx.join(ids.slice(1));
      await tx.client.query('update conversation set created_at = $2 where id = $1', [id, begun]);
      await tx.client.query('update member set joined_at = $2 where conversation_id = $1', [id, begun]);
    },
  );
  const clientId = (key: string | number) => uuidv5(`demo\n${id}\n${key}`);
  const event = (key: string, system: SystemEvent, minutes: number): HistoryRow => ({
    senderId: people[owner],
    clientId: clientId(key),
    body: null,
    system,
    createdAt: new Date(begun.getTime() + minutes * MINUTE),
  });
  const rows: HistoryRow[] = [event('created', { type: 'created', title }, 0)];
  if (traitsOf(kind).hasRoles) rows.push(event('joined', { type: 'joined', userIds: ids.slice(1) }, 1));
  if (topic) rows.push(event('topic', { type: 'topic', topic }, 4));
  messages.forEach(({ who, body, was, at }, index) => {
    rows.push({
      senderId: people[who],
      clientId: clientId(index),
      body: was ?? body,
      system: null,
      createdAt: at,
    });
  });
  const added = await appendHistory(db, id, rows);
  const before = rows.length - messages.length;
  for (const [index, message] of messages.entries()) {
    if (message.was === null && !message.recalled) continue;
    await change(db, { conversationId: id, seq: before + index + 1, actorId: people[message.who] }, message);
  }
  return added;
};

/** Edits and recalls as the product does, then dates them back to when they would have been. */
const change = async (
  db: Db,
  target: { conversationId: string; seq: number; actorId: string },
  { body, recalled, at }: Scheduled,
): Promise<void> => {
  const { actorId } = target;
  const { changed } = await changeMessage(db, target, recalled ? recalling(actorId) : editing(actorId, body));
  if (!changed) return;
  const when = new Date(at.getTime() + MINUTE);
  await db.pool.query(
    `update message set edited_at = case when edited_at is null then null else $3::timestamptz end,
       recalled_at = case when recalled_at is null then null else $3::timestamptz end
     where conversation_id = $1 and seq = $2`,
    [target.conversationId, target.seq, when],
  );
};

/** Updates the inboxes, then marks everything read except what is to be unread. */
export const settle = async (
  db: Db,
  people: People,
  conversations: readonly Stored[],
  threshold: number,
): Promise<void> => {
  // Oldest first: the inbox is in order of what moved last.
  const last = ({ messages }: Stored) => messages.at(-1)?.at.getTime() ?? 0;
  for (const { id } of conversations.toSorted((a, b) => last(a) - last(b)))
    await fanOut(db, [id], { threshold });
  await Promise.all(
    Object.entries(people).map(async ([key, userId]) => {
      for (const { id, members, messages, unread } of conversations) {
        if (!members.includes(key as Key)) continue;
        const left = (key === 'ann' || key === 'bo' ? unread[key] : 0) ?? 0;
        const head = await headSeq(db, id);
        await setReadPosition(db, userId, id, head - Math.min(left, messages.length));
      }
    }),
  );
};

const headSeq = async (db: Db, id: string): Promise<number> => {
  const { rows } = await db.pool.query<{ head_seq: number }>(
    'select head_seq from conversation where id = $1',
    [id],
  );
  return rows[0]?.head_seq ?? 0;
};
