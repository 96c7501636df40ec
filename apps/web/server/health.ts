import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Wakeups } from '@lockstep/core/queue';
import { type Db, lastDiskFull, liveWorkers } from '@lockstep/core/sockets';
import type { Health, PartHealth } from '@lockstep/protocol';
import type { Realtime } from '@lockstep/realtime';
import pkg from '../package.json' with { type: 'json' };
import { readProcesses } from './processes.ts';

/** A worker contacts the database every 5 s. */
const WORKER_SILENCE_SECONDS = 15;
/** Timeout of one part, in ms, so that the whole answers within a second whatever hangs. */
const ANSWER_MS = 700;
/** How long an answer is cached, in ms. */
const FRESH_MS = 300;
/** With less free space than this Postgres may fail to write at any moment, in bytes. */
const DISK_BYTES = 128 * 1024 * 1024;

/** How long the disk of the database counts as full after a statement failed for it, in ms. */
const RECENT_MS = 60_000;

export type Ask = () => Promise<PartHealth>;
type Parts = { [Name in keyof Health['parts']]: Ask };

/**
 * Healthy while the database answers: without the rest, sending and reading go on (rule 9), and taking a web process
 * out of service because the queue is down would only add to the harm. All parts are named.
 */
export const createHealth = (
  parts: Parts,
  now: () => number = () => performance.now(),
): (() => Promise<Health>) => {
  const startedAt = now();
  const names = Object.keys(parts) as (keyof Parts)[];
  const probes = names.map((name) => createProbe(parts[name] as Ask, now));
  let last: { at: number; health: Promise<Health> } | undefined;

  const read = async (): Promise<Health> => {
    const answers = await Promise.all(probes.map((probe) => probe()));
    const found = Object.fromEntries(names.map((name, index) => [name, answers[index]])) as Health['parts'];
    return {
      ok: found.database.ok,
      version: pkg.version,
      uptimeSeconds: Math.round((now() - startedAt) / 1_000),
      parts: found,
    };
  };
  return () => {
    if (!last || now() - last.at > FRESH_MS) last = { at: now(), health: read() };
    return last.health;
  };
};

/**
 * The part's answer, its error code or a timeout, never an address or a password. A hanging check is not repeated in
 * parallel, because each would hold a connection.
 */
const createProbe = (ask: Ask, now: () => number): Ask => {
  let asked: { at: number; answer: Promise<PartHealth> } | null = null;
  return async () => {
    if (!asked) {
      const answer = Promise.resolve()
        .then(ask)
        .catch((error: { code?: string }) => ({
          ok: false,
          detail: CODES[error.code ?? ''] ?? error.code ?? 'not reachable',
        }))
        .finally(() => {
          asked = null;
        });
      asked = { at: now(), answer };
    }
    const { at, answer } = asked;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<PartHealth>((resolve) => {
      timer = setTimeout(
        () =>
          resolve({ ok: false, detail: `no answer for ${Math.max(1, Math.round((now() - at) / 1_000))} s` }),
        ANSWER_MS,
      );
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  };
};

/** Of Postgres and the system. */
const CODES: Record<string, string> = {
  '53100': 'disk full',
  '53300': 'no connections left',
  '57P03': 'starting or stopping',
  ENOSPC: 'disk full',
  ECONNREFUSED: 'not reachable (ECONNREFUSED)',
};

interface HealthDeps {
  db: Db;
  wakeups: Wakeups;
  realtime: Realtime;
  search: Ask;
  dataDir: string;
}

export const partsOf = ({ db, wakeups, realtime, search, dataDir }: HealthDeps): Parts => ({
  database: async () => {
    await db.pool.query('select 1');
    const { totalCount, waitingCount } = db.pool;
    return { ok: true, detail: `postgres, ${totalCount} connections, ${waitingCount} waiting` };
  },
  queue: () => wakeups.health(),
  worker: async () => {
    const count = await liveWorkers(db, WORKER_SILENCE_SECONDS);
    return { ok: count > 0, detail: count > 0 ? `${count} alive` : 'none alive' };
  },
  push: () => realtime.health(),
  search,
  disk: async () =>
    Date.now() - lastDiskFull() < RECENT_MS
      ? { ok: false, detail: 'disk of the database full' }
      : diskHealth(dataDir),
  ...(readProcesses() ? { processes: async () => readProcesses() as PartHealth } : {}),
});

/** Of the disk with DATA_DIR: the embedded Postgres, logs, exports. */
export const diskHealth = async (
  dataDir: string,
  free: (folder: string) => Promise<number> = freeBytes,
): Promise<PartHealth> => {
  const bytes = await free(dataDir);
  const ok = bytes >= DISK_BYTES;
  const size = bytes < 10 ** 9 ? `${Math.floor(bytes / 10 ** 6)} MB` : `${(bytes / 10 ** 9).toFixed(1)} GB`;
  return { ok, detail: ok ? `${size} free` : `disk full: ${size} free` };
};

/** A data directory that does not exist yet will be on the disk of the nearest existing folder. */
export const freeBytes = async (folder: string): Promise<number> => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const above = dirname(resolve(folder));
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === resolve(folder)) throw error;
    return freeBytes(above);
  }
};
