import {
  type DigestRange,
  entryDigest,
  LockstepError,
  MessagesDigest,
  overallDigest,
  type StateDigest,
} from '@lockstep/protocol';
import { Budget, type BudgetLimits, BudgetOver, isOverBudget, PAGE_BYTES } from '../budget.ts';
import type { Db } from '../db.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from '../timeline/row.ts';
import { inSnapshot, type Queryable } from '../transaction.ts';
import { currentEntries } from './read.ts';

/** Messages that the ranges of one call may span together, and bytes that their texts may have. */
const MAX_MESSAGES = 20_000;
const MAX_BYTES = 24 * 1024 * 1024;
/** Maximum messages in memory at a time, and PAGE_BYTES of text. */
const PAGE = 500;

/** What one digest may use. */
export const DIGEST_LIMITS: BudgetLimits = {
  loopMs: 1_000,
  ms: 1_500,
  statementMs: 1_000,
  rows: 100_000,
  bytes: PAGE_BYTES,
};

/**
 * Digests of the state that a person's devices must have when in sync (rule 12): for each conversation, for all
 * together, and for the requested ranges of messages. All of it is read from one snapshot, a page at a time. Errors:
 * `invalid_input` when the ranges overlap or span more than 20,000 messages, `too_costly` when their texts have more
 * than 24 MB. Throws BudgetOver.
 */
export const stateDigest = async (
  db: Db,
  userId: string,
  ranges: DigestRange[],
  budget = new Budget(DIGEST_LIMITS),
): Promise<StateDigest> => {
  const span = ranges.reduce((sum, { from, to }) => sum + Math.max(0, to - from + 1), 0);
  if (span > MAX_MESSAGES) throw new LockstepError('invalid_input', 'the ranges are too long');
  if (overlap(ranges)) throw new LockstepError('invalid_input', 'the ranges overlap');
  const work = async (client: Queryable) => {
    if ((await bytesOf(client, userId, ranges)) > MAX_BYTES) throw new LockstepError('too_costly');
    const conversations: Record<string, string> = {};
    for await (const entries of currentEntries(client, userId)) {
      const done = await budget.each(entries, (entry) => {
        conversations[entry.conversation.id] = entryDigest(entry);
      });
      if (!done) budget.check();
    }
    const digests: (string | null)[] = [];
    for (const range of ranges) digests.push(await rangeDigest(client, userId, range, budget));
    return { overall: overallDigest(conversations), conversations, ranges: digests };
  };
  try {
    return await inSnapshot(db.pool, (client) => work(budget.of(client)), budget.limits);
  } catch (error) {
    throw isOverBudget(error) ? new BudgetOver() : error;
  }
};

const overlap = (ranges: DigestRange[]): boolean => {
  const sorted = [...ranges].sort((a, b) =>
    a.conversationId === b.conversationId ? a.from - b.from : a.conversationId < b.conversationId ? -1 : 1,
  );
  return sorted.some((range, i) => {
    const before = sorted[i - 1];
    return before?.conversationId === range.conversationId && before.to >= range.from;
  });
};

/** Bytes of text in all ranges. Postgres knows the length of a text without reading it. */
const bytesOf = async (client: Queryable, userId: string, ranges: DigestRange[]): Promise<number> => {
  if (ranges.length === 0) return 0;
  const { rows } = await client.query<{ bytes: number }>({
    name: 'digest-bytes',
    text: `select coalesce(sum(octet_length(m.body)), 0)::int8 as bytes
           from unnest($2::uuid[], $3::int[], $4::int[]) r(id, first, last)
           join active_member v on v.conversation_id = r.id and v.user_id = $1
           join message m on m.conversation_id = r.id and m.seq between r.first and r.last`,
    values: [
      userId,
      ranges.map(({ conversationId }) => conversationId),
      ranges.map(({ from }) => from),
      ranges.map(({ to }) => to),
    ],
  });
  return rows[0]?.bytes ?? 0;
};

/** The lookup is the permission check (rule 10): a row with only the member means that the range is empty. */
const rangeDigest = async (
  client: Queryable,
  userId: string,
  { conversationId, from, to }: DigestRange,
  budget: Budget,
): Promise<string | null> => {
  const digest = new MessagesDigest();
  for (let start = from; ; ) {
    budget.check();
    const { rows } = await client.query<(MessageRow | { seq: null }) & { of: number }>({
      name: 'digest-range',
      text: `select * from (
               select ${MESSAGE_COLUMNS}, count(*) over () as of,
                 sum(octet_length(m.body)) over (order by m.seq) - octet_length(m.body) as before
               from active_member v
               left join lateral (
                 select * from message m where m.conversation_id = v.conversation_id and m.seq between $3 and $4
                 order by m.seq limit ${PAGE}
               ) m on true
               where v.conversation_id = $1 and v.user_id = $2
             ) m where m.before is null or m.before < ${PAGE_BYTES} order by m.seq`,
      values: [conversationId, userId, start, to],
    });
    if (rows.length === 0) return null;
    const messages = rows.filter((row): row is MessageRow & { of: number } => row.seq !== null);
    const done = await budget.each(messages, (row) => digest.add(toMessage(row)));
    if (!done) budget.check();
    const last = messages.at(-1);
    const isLast = messages.length === rows[0]?.of && messages.length < PAGE;
    if (!last || isLast) return digest.end();
    start = last.seq + 1;
    if (start > to) return digest.end();
  }
};
