import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '@lockstep/db';
import type { SearchCount } from '@lockstep/protocol';
import { postgresIndex, Searcher, type SearchIndex } from '@lockstep/search';
import { type BenchArgs, type BenchResult, numberArg, percentile, step, table } from './report.ts';
import { readCorpus } from './rig/corpus.ts';
import { fillSearchStore, type SearchStore } from './rig/search-store.ts';
import { makeStore } from './rig/store.ts';

/**
 * Searching a million messages made of real text: the first page with its facets, for people with 40 conversations and
 * for message history over everything. Every query is planned afresh, and the first run of each counts as well. Then
 * what indexing costs: the first build, and appends with and without the index following.
 */
const QUERIES: Record<string, string[]> = {
  'common word': ['the', 'ubuntu', 'install', 'you'],
  'rare word': ['bootsplash', 'kubuntu', 'thinkpad', 'ndiswrapper'],
  'two words': ['sound card', 'install driver', 'wireless network', 'the root password'],
  phrase: ['"sound card"', '"does not work"', '"sudo apt-get"', '"how do i"'],
  prefix: ['ins*', 'wire*', 'the in*', 'part*'],
  chinese: ['智能', '什么', '人工智能', '电脑'],
  code: ['2.6.8', '/etc/fstab', 'nvidia-glx', 'x86', 'apt-get'],
  filters: [
    'install from:@"Person 9"',
    'the after:2020',
    'from:me',
    'driver has:link',
    'in:#"channel 12" the',
    'during:last-month sound',
    'the -you',
    'is:unread',
  ],
  best: ['sound card sort:best', 'ubuntu sort:best'],
  typos: ['wirelezs', 'instull drivver', 'bootspalsh'],
};

/** Where the months begin. */
const ASK = { typing: false, timeZone: 'Europe/Berlin' };

export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const messages = numberArg(args, 'messages', 1_000_000);
  const rounds = numberArg(args, 'rounds', 3);
  const { db, folder, close } = await makeStore(12, args.keep);
  try {
    const index = postgresIndex(db);
    const { store, buildSeconds } = await prepare(db, index, folder, args, messages);
    const size = (await index.size()) ?? 0;
    step(`index built in ${buildSeconds.toFixed(1)} s, ${(size / 2 ** 20).toFixed(0)} MB`);

    const searcher = new Searcher(db, index);
    const { queries, faults: missing } = await measure(searcher, store.viewers, rounds);
    report(queries);
    const people = merged(queries.map(({ own }) => own));
    const admins = merged(queries.map(({ all }) => all));
    const [p95, adminsP95] = [percentile(people, 0.95), percentile(admins, 0.95)];
    const plain = await plainScan(db, store.viewers[0] as string);
    const faults = [...(await check(db, searcher, store)), ...missing];
    for (const fault of faults) console.error(fault);
    // A store that is kept stays as it is.
    const appends = args.keep ? null : await appendCost(db, index, numberArg(args, 'seconds', 5));
    if (appends)
      step(
        `append ${appends.without.toFixed(0)}/s alone, ${appends.with.toFixed(0)}/s with the index following, ` +
          `which costs ${appends.indexMicros.toFixed(0)} µs a message`,
      );
    return {
      bench: 'search',
      value: p95,
      unit: 'ms p95, people, first page with facets',
      baseline: plain,
      ratio: p95 / plain,
      ok: faults.length === 0,
      detail: {
        messages,
        peopleP50: round(percentile(people, 0.5)),
        adminsP50: round(percentile(admins, 0.5)),
        adminsP95: round(adminsP95),
        queries: queries.length,
        buildSeconds: round(buildSeconds),
        indexMb: Math.round(size / 2 ** 20),
        ...(appends && {
          appendAlone: Math.round(appends.without),
          appendIndexed: Math.round(appends.with),
          appendRatio: round(appends.with / appends.without),
          indexMicrosPerMessage: Math.round(appends.indexMicros),
        }),
        bars: { people: p95 <= 50, admins: adminsP95 <= 100 },
        faults: faults.slice(0, 10),
      },
    };
  } finally {
    await close();
  }
};

interface Prepared {
  store: SearchStore;
  buildSeconds: number;
}

/** Fills and indexes the store, or takes the one that an earlier run with `--keep <folder>` has left there. */
const prepare = async (
  db: Db,
  index: SearchIndex,
  folder: string,
  args: BenchArgs,
  messages: number,
): Promise<Prepared> => {
  const file = join(folder, 'search-store.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const filled = performance.now();
  const store = await fillSearchStore(db, readCorpus(args.data), messages);
  step(`${messages.toLocaleString('en')} messages stored in ${seconds(filled)} s`);
  const built = performance.now();
  await index.rebuild({});
  const buildSeconds = (performance.now() - built) / 1_000;
  await db.pool.query('vacuum analyze');
  const prepared = { store, buildSeconds };
  writeFileSync(file, JSON.stringify(prepared));
  return prepared;
};

const round = (value: number) => Number(value.toFixed(2));
const seconds = (since: number) => ((performance.now() - since) / 1_000).toFixed(1);
const sorted = (times: number[]) => Float64Array.from(times).sort();

interface Times {
  kind: string;
  text: string;
  /** In ms, ascending. */
  own: Float64Array;
  all: Float64Array;
  /** What was counted, on average; at least so many where `capped`. */
  hits: number;
  capped: boolean;
}

/** Asks the whole list, for people and for everything. */
const measure = async (searcher: Searcher, viewers: string[], rounds: number) => {
  const faults: string[] = [];
  const ask = async (text: string, everything: boolean) => {
    const times: number[] = [];
    const totals: SearchCount[] = [];
    for (let i = 0; i < rounds; i++)
      for (const userId of everything ? viewers.slice(0, 1) : viewers) {
        const started = performance.now();
        const page = await searcher.page(
          { userId, everything },
          { ...ASK, text, now: Date.now(), cursor: null, limit: 20, facets: true },
        );
        times.push(performance.now() - started);
        if (page.facets) totals.push(page.facets.total);
        if (QUERIES.slips?.includes(text) && !page.forgiven)
          faults.push(`${text}: the slip was not forgiven`);
      }
    return { times: sorted(times), totals };
  };
  const queries: Times[] = [];
  for (const [kind, texts] of Object.entries(QUERIES))
    for (const text of texts) {
      const own = await ask(text, false);
      const all = await ask(text, true);
      const hits = own.totals.reduce((sum, { count }) => sum + count, 0) / Math.max(1, own.totals.length);
      const capped = own.totals.some((total) => total.capped);
      queries.push({ kind, text, own: own.times, all: all.times, hits, capped });
    }
  return { queries, faults };
};

const merged = (times: Float64Array[]): Float64Array => sorted(times.flatMap((some) => [...some]));

const report = (queries: Times[]): void => {
  const columns = (own: Float64Array, all: Float64Array) => ({
    p50: percentile(own, 0.5),
    p95: percentile(own, 0.95),
    max: own.at(-1) ?? 0,
    'admin p50': percentile(all, 0.5),
    'admin p95': percentile(all, 0.95),
    'admin max': all.at(-1) ?? 0,
  });
  const kinds = Object.keys(QUERIES).map((kind) => {
    const of = queries.filter((query) => query.kind === kind);
    return { kind, ...columns(merged(of.map(({ own }) => own)), merged(of.map(({ all }) => all))) };
  });
  table(kinds);
  const slowest = [...queries].sort((a, b) => percentile(b.own, 0.95) - percentile(a.own, 0.95));
  step('\nevery query, the slowest first');
  table(
    slowest.map(({ text, own, all, hits, capped }) => ({
      query: text,
      ...columns(own, all),
      hits: `${capped ? '≥ ' : ''}${Math.round(hits).toLocaleString('en')}`,
    })),
  );
};

/** What one would write without an index: `ilike` over one's conversations, the newest 20. p95 of a few words. */
const plainScan = async (db: Db, userId: string): Promise<number> => {
  const times: number[] = [];
  for (const word of ['bootsplash', 'kubuntu', '智能', 'sound card', 'ndiswrapper', '2.6.8']) {
    const started = performance.now();
    await db.pool.query(
      `select m.* from message m join member v on v.conversation_id = m.conversation_id and v.user_id = $1
       where m.body ilike '%' || $2 || '%' order by m.created_at desc limit 20`,
      [userId, word],
    );
    times.push(performance.now() - started);
  }
  return percentile(sorted(times), 0.95);
};

/** The number of hits is that of a plain scan of the store, for people and for everything. */
const check = async (db: Db, searcher: Searcher, { viewers }: SearchStore): Promise<string[]> => {
  const faults: string[] = [];
  const userId = viewers[0] as string;
  const ask = { typing: false, timeZone: 'UTC', now: Date.now() };
  for (const word of ['bootsplash', 'ndiswrapper', 'thinkpad', 'driver']) {
    for (const everything of [false, true]) {
      const { rows } = await db.pool.query<{ n: number }>(
        `select count(*)::int as n from message m
         where m.body ~* ('(^|[^[:alnum:]])' || $1 || '([^[:alnum:]]|$)')
           and ($3 or exists (select 1 from member v where v.conversation_id = m.conversation_id and v.user_id = $2))`,
        [word, userId, everything],
      );
      const { count, capped } = await searcher.count({ userId, everything }, { ...ask, text: word });
      if (!capped && count !== rows[0]?.n) faults.push(`${word}: ${count} counted, ${rows[0]?.n} are there`);
    }
  }
  return faults;
};

/** Appends per second without the index, and with it following in the same process, which is harder than in the worker. */
const appendCost = async (db: Db, index: SearchIndex, forSeconds: number) => {
  const { rows } = await db.pool.query<{ id: string; user_id: string }>(
    `select distinct on (c.id) c.id, m.user_id from conversation c join member m on m.conversation_id = c.id
     order by c.id limit 64`,
  );
  const flood = async (follow: boolean) => {
    let sent = 0;
    let spent = 0;
    let indexed = 0;
    const until = performance.now() + forSeconds * 1_000;
    const senders = rows.map(async ({ id, user_id }) => {
      for (let k = 0; performance.now() < until; k++) {
        const body = `message ${k} of a length that people write, give or take a word or two`;
        await Promise.all(
          [1, 2, 3, 4].map(() =>
            db.appender.append({ conversationId: id, senderId: user_id, clientId: randomUUID(), body }),
          ),
        );
        sent += 4;
      }
    });
    const follower = async () => {
      while (follow && performance.now() < until) {
        const before = sent;
        const started = performance.now();
        await index.apply(rows.map(({ id }) => id));
        spent += performance.now() - started;
        indexed += Math.max(0, before - indexed);
      }
    };
    await Promise.all([...senders, follower()]);
    return { rate: sent / forSeconds, micros: indexed > 0 ? (spent * 1_000) / indexed : 0 };
  };
  const without = await flood(false);
  await index.apply(rows.map(({ id }) => id));
  const followed = await flood(true);
  return { without: without.rate, with: followed.rate, indexMicros: followed.micros };
};
