import type { Wakeups } from '@lockstep/core/queue';
import { type Db, liveWorkers } from '@lockstep/core/sockets';
import type { Health, PartHealth } from '@lockstep/protocol';
import type { Realtime } from '@lockstep/realtime';
import pkg from './package.json' with { type: 'json' };

/** A worker says something to the database every 5 s. */
const WORKER_SILENCE_SECONDS = 15;
const ANSWER_MS = 2_000;

/**
 * Healthy while the database answers: without the rest, sending and reading go on (rule 9), and taking a web process
 * out of service because the queue is down would only add to the harm. All parts are told.
 */
export const readHealth = async (
  db: Db,
  wakeups: Wakeups,
  realtime: Realtime | null,
  startedAt: number,
  searchHealth: () => Promise<PartHealth>,
): Promise<Health> => {
  const [database, worker, queue, push, search] = await Promise.all([
    probe(async () => {
      await db.pool.query('select 1');
      const { totalCount, waitingCount } = db.pool;
      return { ok: true, detail: `postgres, ${totalCount} connections, ${waitingCount} waiting` };
    }),
    probe(async () => {
      const count = await liveWorkers(db, WORKER_SILENCE_SECONDS);
      return { ok: count > 0, detail: count > 0 ? `${count} alive` : 'none alive' };
    }),
    probe(() => wakeups.health()),
    probe(async () => (realtime ? realtime.health() : { ok: false, detail: 'not attached' })),
    probe(searchHealth),
  ]);
  return {
    ok: database.ok,
    version: pkg.version,
    uptimeSeconds: Math.round((Date.now() - startedAt) / 1_000),
    parts: { database, queue, worker, push, search },
  };
};

/** The part's own answer; its error code or silence otherwise, never an address or a password. */
const probe = async (ask: () => Promise<PartHealth>): Promise<PartHealth> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartHealth>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `no answer in ${ANSWER_MS} ms` }), ANSWER_MS);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    return { ok: false, detail: (error as { code?: string }).code ?? 'not reachable' };
  } finally {
    clearTimeout(timer);
  }
};
