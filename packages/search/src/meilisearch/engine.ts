import { randomUUID } from 'node:crypto';
import type { Db, Queryable } from '@lockstep/db';
import { IndexForm } from '../form.ts';
import { faultReporter, indexHealth } from '../health.ts';
import { type FindOptions, type Found, IndexUnavailable, type SearchIndex } from '../port.ts';
import { type Key, newestFirst } from '../query/key.ts';
import { MeiliFeed } from './apply.ts';
import { MeiliClient, MeiliError, type Timeouts } from './client.ts';
import { type MeiliDocument, questionsOf } from './documents.ts';
import { filtersOf } from './filter.ts';
import { rebuild, verify } from './verify.ts';

const CONSUMER = 'index:meilisearch';
const GENERATION = 'generation';

const SETTINGS = {
  searchableAttributes: ['words', 'grams'],
  filterableAttributes: ['conversation', 'sender', 'mentions', 'traits', 'at', 'seq'],
  sortableAttributes: ['at', 'conversation', 'seq'],
  displayedAttributes: ['*'],
  rankingRules: ['sort', 'words'],
  // Typos are handled by our own dictionary, in the same way for both engines.
  typoTolerance: { enabled: false },
  pagination: { maxTotalHits: 20_000 },
};

/** How often to check that the index is still the one we filled, in ms. */
const LOOK_EVERY_MS = 30_000;
/** After a timeout, searches skip the engine for this long, in ms, so that nobody else waits for it. */
const REST_MS = 3_000;
/** Candidates of one call at least: some of them will not fit. */
const MIN_HITS = 100;

/**
 * Meilisearch as the index: it has words and a coarse filter; permission and the check of every hit are in Postgres.
 * Writes are asynchronous; checkpoints move when their tasks are done. After a wipe it is filled again.
 */
export const meilisearchIndex = (
  db: Db,
  {
    url,
    key = null,
    index = 'lockstep_messages',
    timeouts,
    now = () => performance.now(),
  }: { url: string; key?: string | null; index?: string; timeouts?: Timeouts; now?: () => number },
): SearchIndex => {
  const client = new MeiliClient(url, key, timeouts);
  const path = `/indexes/${index}`;
  const MARK = `${path}/documents/${GENERATION}`;
  const form = new IndexForm(db, 'meilisearch');
  const feed = new MeiliFeed(db, client, path, CONSUMER);
  let lookedAt = Number.NEGATIVE_INFINITY;
  const withFaultReport = faultReporter(db, 'meilisearch', (error) =>
    error instanceof MeiliError ? error.message : null,
  );
  let rest: { until: number; message: string } | null = null;

  const knownGeneration = async (queryable: Queryable) => {
    const { rows } = await queryable.query<{ generation: string }>(
      `select generation from search_state where engine = 'meilisearch'`,
    );
    return rows[0]?.generation;
  };

  let preparing: Promise<void> | null = null;
  /** One at a time: two that both find nothing would each begin an index of their own. */
  const prepare = (): Promise<void> => {
    preparing ??= prepareOnce()
      .then(() => form.begin(CONSUMER))
      .finally(() => {
        preparing = null;
      });
    return preparing;
  };

  /** Makes the index where there is none, and starts from nothing where it is not the one that was filled. */
  const prepareOnce = async () => {
    const known = await knownGeneration(db.pool);
    const mark = await client.call<Mark>('GET', MARK);
    if (mark && mark.generation === known) {
      lookedAt = now();
      return;
    }
    const generation = randomUUID();
    // Either may be there already, which fails as a task of its own and does no harm.
    await client.enqueue('POST', '/indexes', { uid: index, primaryKey: 'id' });
    await client.enqueue('PATCH', `${path}/settings`, SETTINGS);
    await db.pool.query('delete from checkpoint where consumer = $1', [CONSUMER]);
    // Afterwards: a batch that was just being sent held the lock of its checkpoints until it was under way.
    feed.forget();
    await db.pool.query(
      `insert into search_state (engine, generation) values ('meilisearch', $1)
       on conflict (engine) do update set generation = excluded.generation`,
      [generation],
    );
    await client.enqueue('POST', `${path}/documents`, [{ id: GENERATION, generation }]);
    lookedAt = now();
  };

  const look = async () => {
    if (now() - lookedAt > LOOK_EVERY_MS) await prepare();
  };

  /** Whether it is what was filled, for the checkpoints as they stand there. */
  const isWiped = async (queryable: Queryable): Promise<boolean> => {
    const mark = await client.ask<Mark>('GET', MARK);
    return mark === null || mark.generation !== (await knownGeneration(queryable));
  };

  const hitsOf = async (question: string, { plan, before, limit }: FindOptions, offset: number) => {
    const answer = await client.ask<{ hits: MeiliDocument[] }>('POST', `${path}/search`, {
      q: question,
      filter: filtersOf(plan, before?.at ?? null),
      sort: ['at:desc', 'conversation:desc', 'seq:desc'],
      matchingStrategy: 'all',
      attributesToRetrieve: ['conversation', 'seq', 'at'],
      limit: Math.max(limit, MIN_HITS),
      offset,
    });
    return answer?.hits ?? [];
  };

  const find = async (options: FindOptions): Promise<Found> => {
    const { plan, before, limit, unindexed, budget } = options;
    const old = new Set(unindexed.keys.map((key) => `${key.conversationId} ${key.seq}`));
    const found = new Map<string, Key>();
    const size = Math.max(limit, MIN_HITS);
    // Where one question was cut off, nothing older is known of it: what others have beyond is left for the next call.
    let horizon: Key | null = null;
    for (const question of questionsOf(plan.terms)) {
      let mine: Key[] = [];
      let ended = false;
      for (let offset = 0; mine.length < limit && !ended; offset += size) {
        budget.check();
        const hits = await hitsOf(question, options, offset);
        ended = hits.length < size;
        const candidates = hits.map(toCandidate);
        mine = [...mine, ...candidates.filter((one) => before === null || newestFirst(before, one) < 0)];
      }
      for (const one of mine) found.set(`${one.conversationId} ${one.seq}`, one);
      const last = mine.at(-1);
      if (!ended && last && (horizon === null || newestFirst(last, horizon) < 0)) horizon = last;
    }
    const candidates = [...found.values()]
      .filter((one) => horizon === null || newestFirst(one, horizon) <= 0)
      .sort(newestFirst);
    return {
      candidates: candidates.filter((one) => !old.has(`${one.conversationId} ${one.seq}`)),
      counts: null,
      next: horizon,
    };
  };

  return {
    name: 'meilisearch',
    consumer: CONSUMER,
    prepare: () => withFaultReport(prepare),
    recover: () => withFaultReport(prepare),
    apply: (conversationIds) =>
      withFaultReport(async () => {
        await look();
        await feed.apply(conversationIds);
      }),
    find: async (queryable, options) => {
      if (options.plan.matchesNothing) return { candidates: [], next: null, counts: null };
      if (rest && now() < rest.until) throw new IndexUnavailable(rest.message);
      try {
        const found = await find(options);
        // Asked afterwards: what is still there now was there when it answered.
        if (await isWiped(queryable)) throw new IndexUnavailable('the index was wiped');
        rest = null;
        return found;
      } catch (error) {
        if (!(error instanceof MeiliError)) throw error;
        rest = { until: now() + REST_MS, message: error.message };
        throw error;
      }
    },
    verify: (options) => verify(feed, options),
    isCurrent: (queryable) => form.isCurrent(queryable),
    upgrade: (options) =>
      form.bringUp(async () => {
        await verify(feed, { ...options, repair: true });
      }),
    rebuild: async (options) => {
      await rebuild(feed, options);
      await form.done();
    },
    size: async () => {
      const stats = await client.call<{ databaseSize: number }>('GET', '/stats');
      return stats?.databaseSize ?? null;
    },
    health: async () => {
      const wiped = await isWiped(db.pool).catch((error: Error) => error.message);
      const state = await indexHealth(db, 'meilisearch', CONSUMER, wiped === true);
      return typeof wiped === 'string' ? { ok: false, detail: `${state.detail}, ${wiped}` } : state;
    },
    close: async () => {},
  };
};

interface Mark {
  generation: string;
}

const toCandidate = (hit: MeiliDocument): Key => ({
  conversationId: hit.conversation,
  seq: hit.seq,
  at: hit.at,
});
