import timers from 'node:timers/promises';
import type { PartHealth } from '@lockstep/protocol';
import { createAdapter as createPostgresAdapter } from '@socket.io/postgres-adapter';
import { createAdapter as createRedisAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { RealtimeDeps } from './types.ts';

/** Transport of pushes between web processes. Lost pushes are repaired by pulls (rule 9). */
export interface PushAdapter {
  /** Of Socket.IO; undefined for its own in-memory one. */
  adapter: Parameters<import('socket.io').Server['adapter']>[0] | undefined;
  health(): Promise<PartHealth>;
  /** `ofNamespace` is the instance that Socket.IO created from `adapter`. */
  close(ofNamespace: { close(): void | Promise<void> }): Promise<void>;
}

export const createPushAdapter = ({ settings, log }: Pick<RealtimeDeps, 'settings' | 'log'>): PushAdapter => {
  const onError = (error: Error) => log.warn({ err: error }, 'push: between processes');
  switch (settings.PUSH) {
    case 'redis':
      return redisAdapter(settings.REDIS_URL ?? '', onError);
    case 'postgres':
      return postgresAdapter(settings.DATABASE_URL, onError);
    case 'memory':
      return {
        adapter: undefined,
        health: async () => ({ ok: true, detail: 'memory' }),
        close: async () => {},
      };
  }
};

/** Publishing fails immediately while Redis is down instead of queueing, because stale pushes are useless. */
const redisAdapter = (url: string, onError: (error: Error) => void): PushAdapter => {
  const publisher = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const subscriber = new Redis(url, { maxRetriesPerRequest: null });
  publisher.on('error', onError);
  subscriber.on('error', onError);
  // The adapter ignores the promise of publish: without a catch, a stopped Redis would end the process.
  const publish = publisher.publish.bind(publisher);
  publisher.publish = ((channel: string, message: string | Buffer) =>
    publish(channel, message).catch(onError)) as typeof publisher.publish;
  return {
    adapter: createRedisAdapter(publisher, subscriber, { key: 'lockstep' }),
    health: async () => {
      const ok = publisher.status === 'ready' && subscriber.status === 'ready';
      return { ok, detail: `redis, ${ok ? 'connected' : publisher.status}` };
    },
    close: async () => {
      // Lets the last notice out; the adapter's own close would unsubscribe on a connection that may be gone.
      await publisher.quit().catch(() => publisher.disconnect());
      subscriber.disconnect();
    },
  };
};

/** A separate schema, so that the store's migrations do not find a foreign table. */
const TABLE = 'push.attachment';
/** Under a lock of the transaction: processes that start at the same time for the first time would collide. */
const CREATE = `select pg_advisory_xact_lock(hashtext('${TABLE}'));
  create schema if not exists push;
  create table if not exists ${TABLE} (id bigserial primary key, created_at timestamptz not null default now(), payload bytea)`;

/** How long the last pushes may take when the process stops, in ms. */
const LAST_MS = 1_000;

/** Two connections: one listens, so all that is published goes through the other, in order. */
const postgresAdapter = (connectionString: string, onError: (error: Error) => void): PushAdapter => {
  const pool = new pg.Pool({
    connectionString,
    max: 2,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'lockstep-push',
    // Each NOTIFY is a commit, and all commits of one wait for one another: not for the disk too. No push outlives a crash.
    options: '-c synchronous_commit=off',
  });
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const publishing = new Set<Promise<unknown>>();
  const prepare = () => {
    pool.query(CREATE).catch((error: Error) => {
      onError(error);
      if (!closed) timer = setTimeout(prepare, 1_000);
    });
  };
  prepare();
  return {
    adapter: createPostgresAdapter(watched(pool, publishing), {
      channelPrefix: 'lockstep',
      tableName: TABLE,
      // What is published after the end has nobody to go to.
      errorHandler: (error) => void (closed || onError(error)),
    }),
    health: async () => {
      try {
        await pool.query('select 1');
        return { ok: true, detail: 'postgres, connected' };
      } catch (error) {
        return { ok: false, detail: `postgres, ${(error as { code?: string }).code ?? 'not connected'}` };
      }
    },
    close: async (ofNamespace) => {
      closed = true;
      clearTimeout(timer);
      // A pool that ends drops what waits in it: the last pushes.
      await Promise.race([Promise.allSettled(publishing), timers.setTimeout(LAST_MS)]);
      // Releases the listening connection.
      await ofNamespace.close();
      await pool.end();
    },
  };
};

/**
 * Keeps each query in `running` until it is done. Releases the lost listening connection: the adapter takes a new one
 * and never releases the lost one, so with a pool of two nothing could be published any more, and closing would wait
 * forever.
 */
const watched = (pool: pg.Pool, running: Set<Promise<unknown>>): pg.Pool =>
  Object.create(pool, {
    connect: {
      value: async () => {
        const client = await pool.connect();
        client.once('end', () => client.release(true));
        return client;
      },
    },
    query: {
      value: (text: string, values?: unknown[]) => {
        const query = pool.query(text, values).finally(() => running.delete(query));
        running.add(query);
        return query;
      },
    },
  }) as pg.Pool;
