import {
  type ChangePage,
  LIMITS,
  LockstepError,
  type MessagePage,
  type MessageVersion,
  type TimelineCursor,
} from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import { PAGE_BYTES } from '../budget.ts';
import type { Db } from '../db.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './row.ts';
import { newestVersions } from './versions.ts';

/**
 * A reader behind by more changed messages than this gets `reset` (rule 8), because the newest page is cheaper than
 * all changes.
 */
export const RESET_AFTER = 1_000;

const bounded = (limit: number) => Math.max(1, Math.min(limit, LIMITS.page));

/** The lookup is the permission check (rule 10): the head is found through the membership or not at all. */
const headFor = async (db: Db, viewerId: string, conversationId: string) => {
  const { rows } = await db.pool.query<{ head_seq: number; head_rev: number }>({
    name: 'head-for',
    text: `select c.head_seq, c.head_rev from conversation c
           join active_member m on m.conversation_id = c.id and m.user_id = $2
           where c.id = $1`,
    values: [conversationId, viewerId],
  });
  if (!rows[0]) throw new LockstepError('not_found');
  return { seq: rows[0].head_seq, rev: rows[0].head_rev };
};

interface Run {
  from: number;
  to: number;
  /** If the texts are too long for one page, it has those nearest to this `seq`. */
  near: number;
  bytes: number;
}

/** Postgres knows the length of a text without reading it. */
export const messagesBetween = async (db: Db, conversationId: string, { from, to, near, bytes }: Run) => {
  const { rows } = await db.pool.query<MessageRow>({
    name: 'messages-between',
    text: `select ${MESSAGE_COLUMNS} from (
             select m.*, sum(coalesce(octet_length(m.body), 0)) over (order by abs(m.seq - $4), m.seq)
               - coalesce(octet_length(m.body), 0) as before
             from message m where m.conversation_id = $1 and m.seq between $2 and $3
           ) m where m.before < $5 order by m.seq`,
    values: [conversationId, from, to, near, bytes],
  });
  return rows.map(toMessage);
};

/** `seq` is dense, so a page is computed from the head and never scans rows that it does not return. */
const page = async (db: Db, conversationId: string, run: Run, headSeq: number): Promise<MessagePage> => {
  const from = Math.max(1, run.from);
  const to = Math.min(run.to, headSeq);
  const messages = from <= to ? await messagesBetween(db, conversationId, { ...run, from, to }) : [];
  const first = messages[0]?.seq ?? from;
  const last = messages.at(-1)?.seq ?? to;
  return { messages, hasBefore: first > 1 && headSeq > 0, hasAfter: last < headSeq };
};

/**
 * The messages before `seq` (exclusive; the newest without it), at most `limit` of LIMITS.page. As in all pages,
 * fewer if their texts exceed `bytes`, at least one.
 */
export const messagesBefore = async (
  db: Db,
  viewerId: string,
  { conversationId, seq, limit }: Parsed<'messages.before'>,
  bytes = PAGE_BYTES,
) => {
  const head = await headFor(db, viewerId, conversationId);
  const to = Math.min((seq ?? head.seq + 1) - 1, head.seq);
  return page(db, conversationId, { from: to - bounded(limit) + 1, to, near: to, bytes }, head.seq);
};

/** The messages after `seq` (exclusive). */
export const messagesAfter = async (
  db: Db,
  viewerId: string,
  { conversationId, seq, limit }: Parsed<'messages.after'>,
  bytes = PAGE_BYTES,
) => {
  const head = await headFor(db, viewerId, conversationId);
  return page(db, conversationId, { from: seq + 1, to: seq + bounded(limit), near: seq, bytes }, head.seq);
};

/** `limit` messages with `seq` in their middle, as far as there are that many on both sides. */
export const messagesAround = async (
  db: Db,
  viewerId: string,
  { conversationId, seq, limit }: Parsed<'messages.around'>,
  bytes = PAGE_BYTES,
) => {
  const head = await headFor(db, viewerId, conversationId);
  const size = bounded(limit);
  const middle = Math.min(Math.max(seq, 1), Math.max(head.seq, 1));
  const from = Math.max(1, Math.min(middle - Math.floor(size / 2), head.seq - size + 1));
  return page(db, conversationId, { from, to: from + size - 1, near: middle, bytes }, head.seq);
};

/**
 * How many messages have changed after `afterRev` up to `toRev`, counted up to `most`. A message has the `rev` of its
 * latest change only: a thousand changes of one are one row, and a `rev` that a change beside the messages took is none.
 * Reads at most `most` entries of the index, in its order, however far the revs are apart.
 */
export const countChanged = async (
  db: Db,
  conversationId: string,
  { afterRev, toRev, most }: { afterRev: number; toRev: number; most: number },
): Promise<number> => {
  const { rows } = await db.pool.query<{ n: number }>({
    name: 'count-changed',
    text: COUNT_CHANGED_SQL,
    values: [conversationId, afterRev, toRev, most],
  });
  return rows[0]?.n ?? 0;
};

export const COUNT_CHANGED_SQL = `
select count(*)::int as n from (
  select 1 from message m where m.conversation_id = $1 and m.rev > $2 and m.rev <= $3 order by m.rev limit $4
) m`;

/** The newest state of what changed after `afterRev`, ascending by `rev`, or `reset` (rules 6 and 8). */
export const changesAfter = async (
  db: Db,
  viewerId: string,
  { conversationId, afterRev, limit }: Parsed<'sync.changes'>,
  bytes = PAGE_BYTES,
): Promise<ChangePage> => {
  const head = await headFor(db, viewerId, conversationId);
  const heads = { conversationId, headRev: head.rev, headSeq: head.seq };
  if (afterRev > head.rev || (await isFarBehind(db, conversationId, afterRev, head.rev)))
    return { ...heads, messages: [], to: head.rev, reset: true };
  const { rows } = await db.pool.query<MessageRow & { of: number }>({
    name: 'changes-after',
    text: `select ${MESSAGE_COLUMNS}, m.of from (
             select m.*, count(*) over () as of, sum(coalesce(octet_length(m.body), 0)) over (order by m.rev)
               - coalesce(octet_length(m.body), 0) as before
             from (
               select * from message m
               where m.conversation_id = $1 and m.rev > $2 and m.rev <= $3 order by m.rev limit $4
             ) m
           ) m where m.before < $5 order by m.rev`,
    values: [conversationId, afterRev, head.rev, bounded(limit), bytes],
  });
  const messages = rows.map(toMessage);
  // Fewer than the limit: everything up to the head is included, also revs replaced by a later change of the same
  // message.
  const isWhole = messages.length < bounded(limit) && messages.length === (rows[0]?.of ?? 0);
  const to = isWhole ? head.rev : (messages.at(-1)?.rev ?? head.rev);
  return { ...heads, messages, to, reset: false };
};

/** There cannot be more changed messages than changes, so most readers need no count. */
const isFarBehind = async (db: Db, conversationId: string, afterRev: number, toRev: number) =>
  toRev - afterRev > RESET_AFTER &&
  (await countChanged(db, conversationId, { afterRev, toRev, most: RESET_AFTER + 1 })) > RESET_AFTER;

type ManyRow = { id: string; head_seq: number; head_rev: number } & (
  | MessageRow
  | Record<keyof MessageRow, null>
);

/**
 * The same of several timelines, in this order: as many of them, each whole up to its head, as have moved by at most
 * LIMITS.inboxChanges together and whose texts are at most `bytes` long together. Left out are those further behind,
 * those ahead of their head, and those that are not the viewer's (rule 10).
 */
export const changesOfMany = async (
  db: Db,
  viewerId: string,
  cursors: readonly TimelineCursor[],
  bytes = PAGE_BYTES,
): Promise<ChangePage[]> => {
  if (cursors.length === 0) return [];
  const { rows } = await db.pool.query<ManyRow>({
    name: 'changes-of-many',
    text: `select id, head_seq, head_rev, ${MESSAGE_COLUMNS} from (
             select *, max(bytes) over (partition by id) as bytes_to_its_end from (
               select h.id, h.head_seq, h.head_rev, h.place, m.*,
                 sum(coalesce(octet_length(m.body), 0)) over (order by h.place, m.rev) as bytes
               from (
                 select c.id, c.head_seq, c.head_rev, t.after_rev, t.place,
                   sum(c.head_rev - t.after_rev) over (order by t.place) as moved
                 from unnest($2::uuid[], $3::int[]) with ordinality as t(id, after_rev, place)
                 join conversation c on c.id = t.id and c.head_rev >= t.after_rev and c.head_rev - t.after_rev <= $4
                 join active_member v on v.conversation_id = c.id and v.user_id = $1
               ) h
               left join lateral (
                 select * from message m
                 where m.conversation_id = h.id and m.rev > h.after_rev and m.rev <= h.head_rev order by m.rev limit $4
               ) m on true
               where h.moved <= $4
             ) m
           ) m
           where bytes_to_its_end <= $5 order by place, rev`,
    values: [
      viewerId,
      cursors.map((c) => c.conversationId),
      cursors.map((c) => c.afterRev),
      LIMITS.inboxChanges,
      bytes,
    ],
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

export interface EarlierVersions {
  senderId: string;
  versions: MessageVersion[];
}

/**
 * Earlier texts of a message, oldest first: the newest of them, a page of `bytes` and one at least. Those before the first
 * are left out where its `version` is more than 1. None once recalled: members see the tombstone only. Null where there is
 * no such message. Errors: `not_found`.
 */
export const earlierVersions = async (
  db: Db,
  viewerId: string,
  { conversationId, seq }: Parsed<'messages.versions'>,
  bytes = PAGE_BYTES,
): Promise<EarlierVersions | null> => {
  await headFor(db, viewerId, conversationId);
  // Read before checking whether the message is recalled, so that a concurrent recall does not expose them.
  const versions = await newestVersions(db, conversationId, seq, bytes);
  const { rows } = await db.pool.query<Pick<MessageRow, 'sender_id' | 'state'>>(
    'select sender_id, state from message where conversation_id = $1 and seq = $2',
    [conversationId, seq],
  );
  const message = rows[0];
  return message
    ? { senderId: message.sender_id, versions: message.state === 'recalled' ? [] : versions }
    : null;
};
