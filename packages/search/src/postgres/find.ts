import type { Queryable } from '@lockstep/db';
import type { Counts, FindOptions, Found } from '../port.ts';
import { emptyCounts } from '../query/counts.ts';
import type { Key } from '../query/key.ts';
import type { Months } from '../query/months.ts';
import { conditionsOf, Params } from './conditions.ts';
import { isWalkCheaper } from './estimate.ts';
import type { Frequencies, Read } from './frequencies.ts';

/** Newest rows that a windowed search looks at before it looks at all. */
const WINDOW = 25_000;
/** Up to so many hits, looking at all of them is as fast as the window. */
const FEW = 20_000;
/** Up to so many messages in the viewer's conversations as well: few of the newest of all are among them. */
const REACHABLE = 100_000;
/** With fewer hits in the window, all are counted: a word that has become rare is not frequent among all. */
const MIN_WINDOW_HITS = 400;

/**
 * The newest hits, and the counts of all in the same pass. Hits are gathered first (`materialized`) and sorted then:
 * with a plain `order by … limit`, Postgres walks by time past hundreds of thousands that are not the viewer's. What is
 * likely to have very many is looked for in the newest rows first; its counts are then of these.
 */
export const find = async (
  client: Queryable,
  options: FindOptions,
  frequencies: Frequencies,
): Promise<Found> => {
  const { plan, limit, months } = options;
  if (plan.matchesNothing) return { candidates: [], next: null, counts: months && emptyCounts() };
  const read = await frequencies.read(client);
  const rows = options.reachable ?? read.rows;
  if (isLarge(options, read)) {
    const until = options.before && new Date(options.before.at);
    const from = await frequencies.windowStart(client, WINDOW, until);
    const walk = isWalkCheaper(plan, read, Math.min(WINDOW, rows));
    const found = await run(client, options, { from, walk });
    if (found.candidates.length >= limit && (!found.counts || found.counts.total >= MIN_WINDOW_HITS))
      return found;
  }
  return run(client, options, { from: null, walk: isWalkCheaper(plan, read, rows) });
};

interface Row {
  kind: 'hit' | 'person' | 'conversation' | 'month';
  key: string;
  n: number;
  at: Date | null;
}

const run = async (
  client: Queryable,
  { plan, unindexed, before, limit, months }: FindOptions,
  { from, walk }: { from: Date | null; walk: boolean },
): Promise<Found> => {
  const params = new Params();
  const conditions = conditionsOf(plan, unindexed, params, { walk });
  if (before) {
    const at = params.add(new Date(before.at), 'timestamptz');
    const [id, seq] = [params.add(before.conversationId, 'uuid'), params.add(before.seq, 'int')];
    conditions.push(`s.at <= ${at}`, `(s.at, s.conversation_id, s.seq) < (${at}, ${id}, ${seq})`);
  }
  if (from) conditions.push(`s.at >= ${params.add(from, 'timestamptz')}`);
  const { rows } = await client.query<Row>(
    `with hits as materialized (
       select s.conversation_id, s.seq, s.sender_id, s.at from search_message s
       where ${conditions.join('\n and ') || 'true'}
     ), page as (
       select * from hits order by at desc, conversation_id desc, seq desc limit ${params.add(limit, 'int')}
     )
     select 'hit' as kind, conversation_id::text as key, seq as n, at from page
     ${months ? countsOf(months, params) : ''}`,
    params.values,
  );
  const candidates = rows.filter(({ kind }) => kind === 'hit').map(toCandidate);
  const next = candidates.length < limit ? null : (candidates.at(-1) ?? null);
  return { candidates, next, counts: months && toCounts(rows, months, from !== null) };
};

const countsOf = (months: Months, params: Params): string => {
  const starts = params.add(
    months.starts.map((at) => new Date(at)),
    'timestamptz[]',
  );
  return `
     union all
     select case grouping(sender_id, conversation_id, month) when 3 then 'person' when 5 then 'conversation' else 'month' end,
       coalesce(sender_id::text, conversation_id::text, month::text), count(*)::int, null
     from (select sender_id, conversation_id, width_bucket(at, ${starts}) as month from hits) one
     group by grouping sets ((sender_id), (conversation_id), (month))`;
};

const toCandidate = ({ key, n, at }: Row): Key => ({
  conversationId: key,
  seq: n,
  at: (at as Date).getTime(),
});

const toCounts = (rows: Row[], months: Months, capped: boolean): Counts => {
  const counts = { ...emptyCounts(), capped };
  for (const { kind, key, n } of rows) {
    if (kind === 'person') {
      counts.people.set(key, n);
      counts.total += n;
    } else if (kind === 'conversation') counts.conversations.set(key, n);
    else if (kind === 'month') counts.months.set(months.name(Number(key)), n);
  }
  return counts;
};

/** Whether so many rows may fit that it is better to begin with the newest. */
const isLarge = ({ plan, reachable }: FindOptions, { rows, share }: Read): boolean => {
  if (reachable !== null && reachable <= REACHABLE) return false;
  let least = rows;
  for (const term of plan.terms) {
    // A code is looked for by trigrams, and there are few of any.
    if (term.code !== null) return false;
    for (const { prefix, texts } of term.parts)
      if (!prefix && texts.length === 1) least = Math.min(least, rows * share(texts[0] as string));
  }
  return least > FEW;
};
