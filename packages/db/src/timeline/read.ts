import {
  type ChangePage,
  LIMITS,
  LockstepError,
  type MessagePage,
  type MessageVersion,
  type TimelineCursor,
} from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './row.ts';

/** A reader further behind than this gets `reset` (rule 8): the newest page is cheaper than so many changes. */
export const RESET_AFTER = 1_000;

const bounded = (limit: number) => Math.max(1, Math.min(limit, LIMITS.page));

/** The lookup is the permission check (rule 10): the head is found through the membership or not at all. */
const headFor = async (db: Db, viewerId: string, conversationId: string) => {
  const { rows } = await db.pool.query<{ head_seq: number; head_rev: number }>({
    name: 'head-for',
    text: `select c.head_seq, c.head_rev from conversation c
           join member m on m.conversation_id = c.id and m.user_id = $2 and m.left_rev is null
           where c.id = $1`,
    values: [conversationId, viewerId],
  });
  if (!rows[0]) throw new LockstepError('not_found');
  return { seq: rows[0].head_seq, rev: rows[0].head_rev };
};

const between = async (db: Db, conversationId: string, from: number, to: number) => {
  const { rows } = await db.pool.query<MessageRow>({
    name: 'messages-between',
    text: `select ${MESSAGE_COLUMNS} from message m
           where m.conversation_id = $1 and m.seq between $2 and $3 order by m.seq`,
    values: [conversationId, from, to],
  });
  return rows.map(toMessage);
};

/** `seq` is dense, so a page is arithmetic on the head: no page ever walks what it does not return. */
const page = async (
  db: Db,
  conversationId: string,
  from: number,
  to: number,
  headSeq: number,
): Promise<MessagePage> => {
  const first = Math.max(1, from);
  const last = Math.min(to, headSeq);
  return {
    messages: first <= last ? await between(db, conversationId, first, last) : [],
    hasBefore: first > 1 && headSeq > 0,
    hasAfter: last < headSeq,
  };
};

/** The messages before `seq` (exclusive; the newest without it), at most `limit` of LIMITS.page. */
export const messagesBefore = async (
  db: Db,
  viewerId: string,
  conversationId: string,
  seq: number | undefined,
  limit: number,
) => {
  const head = await headFor(db, viewerId, conversationId);
  const to = Math.min((seq ?? head.seq + 1) - 1, head.seq);
  return page(db, conversationId, to - bounded(limit) + 1, to, head.seq);
};

/** The messages after `seq` (exclusive). */
export const messagesAfter = async (
  db: Db,
  viewerId: string,
  conversationId: string,
  seq: number,
  limit: number,
) => {
  const head = await headFor(db, viewerId, conversationId);
  return page(db, conversationId, seq + 1, seq + bounded(limit), head.seq);
};

/** `limit` messages with `seq` in their middle, as far as there are that many on both sides. */
export const messagesAround = async (
  db: Db,
  viewerId: string,
  conversationId: string,
  seq: number,
  limit: number,
) => {
  const head = await headFor(db, viewerId, conversationId);
  const size = bounded(limit);
  const middle = Math.min(Math.max(seq, 1), Math.max(head.seq, 1));
  const from = Math.max(1, Math.min(middle - Math.floor(size / 2), head.seq - size + 1));
  return page(db, conversationId, from, from + size - 1, head.seq);
};

/** The newest state of what changed after `afterRev`, ascending by `rev`, or `reset` (rules 6 and 8). */
export const changesAfter = async (
  db: Db,
  viewerId: string,
  conversationId: string,
  afterRev: number,
  limit: number,
): Promise<ChangePage> => {
  const head = await headFor(db, viewerId, conversationId);
  const heads = { conversationId, headRev: head.rev, headSeq: head.seq };
  if (afterRev > head.rev || head.rev - afterRev > RESET_AFTER)
    return { ...heads, messages: [], to: head.rev, reset: true };
  const { rows } = await db.pool.query<MessageRow>({
    name: 'changes-after',
    text: `select ${MESSAGE_COLUMNS} from message m
           where m.conversation_id = $1 and m.rev > $2 and m.rev <= $3 order by m.rev limit $4`,
    values: [conversationId, afterRev, head.rev, bounded(limit)],
  });
  const messages = rows.map(toMessage);
  // Fewer than asked for: everything up to the head is there, also revs that a later change of the same message took.
  const to = messages.length < bounded(limit) ? head.rev : (messages.at(-1)?.rev ?? head.rev);
  return { ...heads, messages, to, reset: false };
};

type ManyRow = { id: string; head_seq: number; head_rev: number } & (
  | MessageRow
  | Record<keyof MessageRow, null>
);

/**
 * The same of several timelines, in this order: as many of them, each whole up to its head, as have moved by at most
 * LIMITS.page together. Left out are those further behind, those ahead of their head, and those that are not the
 * viewer's (rule 10).
 */
export const changesOfMany = async (
  db: Db,
  viewerId: string,
  cursors: readonly TimelineCursor[],
): Promise<ChangePage[]> => {
  if (cursors.length === 0) return [];
  const { rows } = await db.pool.query<ManyRow>({
    name: 'changes-of-many',
    text: `select h.id, h.head_seq, h.head_rev, ${MESSAGE_COLUMNS}
           from (
             select c.id, c.head_seq, c.head_rev, t.after_rev, t.place,
               sum(c.head_rev - t.after_rev) over (order by t.place) as moved
             from unnest($2::uuid[], $3::int[]) with ordinality as t(id, after_rev, place)
             join conversation c on c.id = t.id and c.head_rev >= t.after_rev and c.head_rev - t.after_rev <= $4
             join member v on v.conversation_id = c.id and v.user_id = $1 and v.left_rev is null
           ) h
           left join lateral (
             select * from message m
             where m.conversation_id = h.id and m.rev > h.after_rev and m.rev <= h.head_rev order by m.rev limit $4
           ) m on true
           where h.moved <= $4 order by h.place, m.rev`,
    values: [viewerId, cursors.map((c) => c.conversationId), cursors.map((c) => c.afterRev), LIMITS.page],
  });
  const pages = new Map<string, ChangePage>();
  for (const row of rows) {
    const { id: conversationId, head_seq: headSeq, head_rev: headRev } = row;
    const page = pages.get(conversationId) ?? {
      conversationId,
      messages: [],
      to: headRev,
      headRev,
      headSeq,
      reset: false,
    };
    if (row.seq !== null) page.messages.push(toMessage(row));
    pages.set(conversationId, page);
  }
  return [...pages.values()];
};

/** Earlier texts of a message, oldest first. Empty once recalled: members see the tombstone only. */
export const messageVersions = async (
  db: Db,
  viewerId: string,
  conversationId: string,
  seq: number,
): Promise<MessageVersion[]> => {
  await headFor(db, viewerId, conversationId);
  const { rows } = await db.pool.query<{ version: number; body: string; created_at: Date }>(
    `select v.version, v.body, v.created_at from message_version v
     join message m on m.conversation_id = v.conversation_id and m.seq = v.seq and m.recalled_at is null
     where v.conversation_id = $1 and v.seq = $2 order by v.version desc limit $3`,
    [conversationId, seq, LIMITS.page],
  );
  return rows
    .reverse()
    .map((row) => ({ version: row.version, body: row.body, createdAt: row.created_at.getTime() }));
};
