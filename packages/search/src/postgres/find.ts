import type { Queryable } from '@lockstep/db';
import { SEARCH_COUNTED } from '@lockstep/protocol';
import type { Candidate, CountOptions, Counts, FindOptions } from '../port.ts';
import { conditionsOf, Params } from './conditions.ts';
import type { Frequencies } from './frequencies.ts';

/** Newest rows that a windowed search looks at before it looks at all. */
const WINDOW = 50_000;
/** Up to so many hits, or rows of the viewer's conversations, looking at all is as fast as the window. */
const FEW = 60_000;

interface Row {
  conversation_id: string;
  seq: number;
  sender_id: string;
  at: Date;
}

const toCandidate = (row: Row): Candidate => ({
  conversationId: row.conversation_id,
  seq: row.seq,
  senderId: row.sender_id,
  at: row.at.getTime(),
});

/**
 * The newest hits. Hits are gathered first (`materialized`) and sorted then: with a plain `order by … limit`, Postgres
 * walks by time past hundreds of thousands that are not the viewer's. What is likely to have many is looked for in the
 * newest rows first.
 */
export const find = async (
  client: Queryable,
  options: FindOptions,
  frequencies: Frequencies,
): Promise<Candidate[]> => {
  if (options.plan.never) return [];
  if (await isLarge(client, options, frequencies)) {
    const found = await run(client, options, true);
    if (found.length >= options.limit) return found;
  }
  return run(client, options, false);
};

const run = async (
  client: Queryable,
  { plan, unindexed, before, limit }: FindOptions,
  windowed: boolean,
): Promise<Candidate[]> => {
  const params = new Params();
  const conditions = conditionsOf(plan, unindexed, params);
  if (before) {
    const [at, id, seq] = [
      params.add(new Date(before.at), 'timestamptz'),
      params.add(before.conversationId, 'uuid'),
      params.add(before.seq, 'int'),
    ];
    conditions.push(`s.at <= ${at}`, `(s.at, s.conversation_id, s.seq) < (${at}, ${id}, ${seq})`);
  }
  if (windowed) conditions.push(inWindow(before ? new Date(before.at) : null, params));
  const { rows } = await client.query<Row>(
    `with hits as materialized (
       select s.conversation_id, s.seq, s.sender_id, s.at from search_message s where ${where(conditions)}
     )
     select * from hits order by at desc, conversation_id desc, seq desc limit ${params.add(limit, 'int')}`,
    params.values,
  );
  return rows.map(toCandidate);
};

const where = (conditions: string[]) => (conditions.length > 0 ? conditions.join('\n and ') : 'true');

/** Among the newest WINDOW rows, of those up to `until`. */
const inWindow = (until: Date | null, params: Params): string =>
  `s.at >= coalesce((select w.at from search_message w ${
    until ? `where w.at <= ${params.add(until, 'timestamptz')}` : ''
  } order by w.at desc offset ${WINDOW} limit 1), '-infinity')`;

/** Whether so many rows may fit that it is better to begin with the newest. */
const isLarge = async (
  client: Queryable,
  { plan }: Pick<FindOptions, 'plan'>,
  frequencies: Frequencies,
): Promise<boolean> => {
  const { rows, share } = await frequencies.read(client);
  if (rows <= FEW) return false;
  let least = rows;
  for (const term of plan.terms) {
    // A code is looked for by trigrams, and there are few of any.
    if (term.code !== null) return false;
    for (const part of term.parts) {
      if (part.prefix || part.texts.length > 1) continue;
      least = Math.min(least, rows * share(part.texts[0] as string));
    }
  }
  if (least <= FEW) return false;
  return plan.conversations.some === null || (await rowsIn(client, plan.conversations.some)) > FEW;
};

const rowsIn = async (client: Queryable, conversationIds: string[]): Promise<number> => {
  const { rows } = await client.query<{ n: number }>(
    'select coalesce(sum(head_seq), 0)::int as n from conversation where id = any($1::uuid[])',
    [conversationIds],
  );
  return rows[0]?.n ?? 0;
};

/** Counts by person, conversation and month in one pass over the hits. */
export const count = async (
  client: Queryable,
  { plan, unindexed, months }: CountOptions,
  frequencies: Frequencies,
): Promise<Counts> => {
  const counts: Counts = {
    total: 0,
    capped: false,
    people: new Map(),
    conversations: new Map(),
    months: new Map(),
  };
  if (plan.never) return counts;
  const large = await isLarge(client, { plan }, frequencies);
  const params = new Params();
  const conditions = conditionsOf(plan, unindexed, params);
  if (large) conditions.push(inWindow(null, params));
  const starts = params.add(
    months.starts.map((at) => new Date(at)),
    'timestamptz[]',
  );
  const { rows } = await client.query<{ kind: string; key: string | null; n: number }>(
    `with hits as materialized (
       select s.conversation_id, s.sender_id, s.at from search_message s where ${where(conditions)}
     )
     select 'person' as kind, sender_id::text as key, count(*)::int as n from hits group by sender_id
     union all
     select 'conversation', conversation_id::text, count(*)::int from hits group by conversation_id
     union all
     select 'month', width_bucket(at, ${starts})::text, count(*)::int from hits group by width_bucket(at, ${starts})`,
    params.values,
  );
  for (const { kind, key, n } of rows) {
    if (kind === 'person') counts.people.set(key as string, n);
    else if (kind === 'conversation') counts.conversations.set(key as string, n);
    else counts.months.set(months.name(Number(key)), n);
    if (kind === 'person') counts.total += n;
  }
  // The window has only the newest. A word that has become rare there is counted among all.
  if (large && counts.total < SEARCH_COUNTED / 20)
    return count(client, { plan, unindexed, months }, NEVER_LARGE);
  counts.capped = large;
  return counts;
};

const NEVER_LARGE = { read: async () => ({ rows: 0, share: () => 0 }) } as unknown as Frequencies;
