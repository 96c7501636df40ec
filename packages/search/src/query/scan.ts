import {
  type Budget,
  HAS_TEXT,
  isOverBudget,
  kindHas,
  likeText,
  MESSAGE_COLUMNS,
  type MessageRow,
  type Queryable,
  toMessage,
} from '@lockstep/db';
import { isAscii, type Message } from '@lockstep/protocol';
import { after, inArray, Params } from '../postgres/conditions.ts';
import type { Term } from '../text/index.ts';
import { matcherOf } from './fits.ts';
import { type Key, keyOf, newestFirst } from './key.ts';
import type { Plan } from './plan.ts';
import type { Scope } from './scope.ts';

/** Messages that one statement looks at, about: few at first, and more as long as that is fast. */
const FIRST_STEP = 1_000;
const MAX_STEP = 20_000;
/** A statement is fast below so many ms and so many characters of what it returns. */
const FAST_MS = 60;
const FEW_CHARACTERS = 1_000_000;
/** Of each conversation, at least. */
const MIN_RUN = 50;
/** Conversations that one statement goes on with, the ones with the newest first. */
const AT_ONCE = 200;
/** Minimum time of a scan when several share the time, in ms. */
const MIN_MS = 100;

interface Scanned {
  /** Those that fit, newest first. */
  messages: Message[];
  /** False when time was over first: there may be more, also among those that are newer than the last. */
  complete: boolean;
}

interface ScanOptions {
  before: Key | null;
  limit: number;
  /** Shared with the other scans that are under way. */
  ms: number;
  budget: Budget;
  onHit?: ((message: Message) => void) | undefined;
}

interface ScanPosition {
  id: string;
  /** Not examined yet up to here. */
  to: number;
  /** Where the last step ended: everything newer in this conversation has been examined. */
  at: number;
}

/** Scans of this process that are under way: they share the time, so that many cost Postgres no more than one. */
let running = 0;

/**
 * Searches the messages themselves, newest first, for at most `ms`; used when the index is not available. Each
 * conversation is read backwards by `seq`, always continuing with those whose unread part is newest, so that a page
 * is complete as soon as none can have anything newer. Also ends with the budget.
 */
export const scan = async (
  client: Queryable,
  scope: Scope,
  plan: Plan,
  { before, limit, ms, budget, onHit }: ScanOptions,
): Promise<Scanned> => {
  if (plan.matchesNothing) return { messages: [], complete: true };
  running++;
  try {
    const until = performance.now() + Math.min(budget.leftMs, Math.max(MIN_MS, ms / running));
    let open = await positionsOf(client, scope, plan);
    const found: Message[] = [];
    const isHit = matcherOf(plan);
    const take = (message: Message) => {
      if (!isHit(message)) return;
      found.push(message);
      onHit?.(message);
    };
    let size = FIRST_STEP;
    while (open.length > 0) {
      open.sort((a, b) => b.at - a.at);
      const horizon = open[0]?.at ?? Number.NEGATIVE_INFINITY;
      if (found.length >= limit) {
        const settled = found.filter((message) => message.createdAt > horizon);
        if (settled.length >= limit) return { messages: settled.sort(byKey).slice(0, limit), complete: true };
      }
      if (performance.now() >= until || budget.isOver) break;
      const batch = open.slice(0, Math.min(AT_ONCE, Math.floor(size / MIN_RUN)));
      const run = Math.max(MIN_RUN, Math.floor(size / batch.length));
      const startedAt = performance.now();
      const messages = await readStep(client, scope, plan, batch, run, before);
      if (messages === null) break;
      const characters = messages.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
      const isFast = performance.now() - startedAt < FAST_MS && characters < FEW_CHARACTERS;
      size = isFast ? Math.min(MAX_STEP, size * 2) : Math.max(MIN_RUN, Math.floor(size / 2));
      if (!(await budget.each(messages, take))) break;
      if (found.length > 2 * limit + FIRST_STEP) found.sort(byKey).splice(limit);
      open = open.filter(({ to, at }) => to > 0 && at >= plan.range.from);
    }
    return { messages: found.sort(byKey).slice(0, limit), complete: open.length === 0 };
  } finally {
    running--;
  }
};

const byKey = (a: Message, b: Message) => newestFirst(keyOf(a), keyOf(b));

const positionsOf = async (client: Queryable, scope: Scope, plan: Plan): Promise<ScanPosition[]> => {
  const { some, none } = plan.conversations;
  const unwanted = new Set(none);
  const at = Number.POSITIVE_INFINITY;
  if (scope.conversations)
    return (some ?? []).flatMap((id) => {
      const head = scope.conversations?.get(id)?.headSeq ?? 0;
      return head === 0 || unwanted.has(id) ? [] : [{ id, to: head, at }];
    });
  const { rows } = await client.query<{ id: string; to: number }>(
    `select id, head_seq as to from conversation
     where head_seq > 0 and ($1::uuid[] is null or id = any($1)) and id <> all($2::uuid[])
       and ($3::boolean is null or $3 = (${kindHas('kind', 'hasPeer')}))`,
    [some, none, plan.direct],
  );
  return rows.map((row) => ({ ...row, at }));
};

/**
 * The possible matches among the next `step` messages of each position; advances the positions. Null where that took
 * too long, or the budget is over. Through membership (rule 10).
 */
const readStep = async (
  client: Queryable,
  { viewer }: Scope,
  plan: Plan,
  positions: ScanPosition[],
  step: number,
  before: Key | null,
): Promise<Message[] | null> => {
  const params = new Params();
  const ids = params.add(
    positions.map(({ id }) => id),
    'uuid[]',
  );
  const tos = params.add(
    positions.map(({ to }) => to),
    'int[]',
  );
  const run = params.add(step, 'int');
  const conditions = [
    HAS_TEXT,
    ...textConditions(plan, params),
    ...inArray('m.sender_id', plan.senders, params),
    ...(before ? [after(before, 'm.created_at, m.conversation_id, m.seq', params)] : []),
  ];
  if (!viewer.everything)
    conditions.push(`exists (select 1 from active_member v where v.conversation_id = m.conversation_id
      and v.user_id = ${params.add(viewer.userId, 'uuid')})`);
  const rows = await unlessCancelled<MessageRow & { start: string | null; at: Date | null }>(
    client,
    `with run as materialized (
       select t.id, t.seq as to, greatest(t.seq - ${run}, 0) as from from unnest(${ids}, ${tos}) t(id, seq)
     )
     select ${MESSAGE_COLUMNS}, null as start, null::timestamptz as at
     from run r join message m on m.conversation_id = r.id and m.seq > r.from and m.seq <= r.to
     where ${conditions.join(' and ')}
     union all
     select ${MESSAGE_COLUMNS}, r.id::text, m.created_at
     from run r join message m on m.conversation_id = r.id and m.seq = r.from + 1`,
    params.values,
  );
  if (rows === null) return null;
  const starts = new Map(rows.flatMap(({ start, at }) => (start && at ? [[start, at.getTime()]] : [])));
  for (const position of positions) {
    position.to = Math.max(position.to - step, 0);
    position.at = Math.min(position.at, starts.get(position.id) ?? Number.NEGATIVE_INFINITY);
  }
  return rows.filter(({ start }) => start === null).map(toMessage);
};

/** Null when the statement was cancelled for the time it takes; the snapshot goes on without it. */
const unlessCancelled = async <Row extends object>(
  client: Queryable,
  text: string,
  values: unknown[],
): Promise<Row[] | null> => {
  try {
    await client.query('savepoint search_scan');
    return (await client.query<Row>(text, values)).rows;
  } catch (error) {
    if (!isOverBudget(error)) throw error;
    await client.query('rollback to savepoint search_scan');
    return null;
  }
};

/** What every matching text must contain, as far as a plain comparison can decide: only possible for ASCII texts. */
const textConditions = (plan: Plan, params: Params): string[] =>
  plan.terms.map((term) => {
    const like = piecesOf(term).map((piece) => `%${likeText(piece)}%`);
    const other = 'octet_length(m.body) <> char_length(m.body)';
    return like.length === 0 ? other : `(${other} or m.body ilike any(${params.add(like, 'text[]')}))`;
  });

/** One of these stands in every ASCII text that the term fits. */
const piecesOf = ({ parts, code }: Term): string[] => [
  ...(parts[0]?.texts ?? []).filter(isAscii),
  ...(code !== null && isAscii(code) ? [code] : []),
];
