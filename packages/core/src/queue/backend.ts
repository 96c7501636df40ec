import {
  type BackendFactory,
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  withBackend,
} from 'bullmq';

/** Where the queue lives: Redis when `redisUrl` is set, the schema `bullmq` of the database otherwise. */
export interface QueueConnection {
  databaseUrl: string;
  redisUrl?: string | undefined;
  /** Name of the queue. Default `moved`; tests use their own. */
  name?: string;
}

const classesOf = (factory: BackendFactory) => withBackend(factory);

export interface QueueBackend {
  kind: 'postgres' | 'redis';
  name: string;
  classes: ReturnType<typeof classesOf>;
  /** For producers: fails immediately while the queue is down, so that nothing piles up. */
  producer: ConnectionOptions;
  /** For workers: waits until the queue is back. */
  worker: ConnectionOptions;
}

/** Job ids and queue names of BullMQ cannot contain `:`. */
export const QUEUE_NAME = 'moved';

export const queueBackend = ({ databaseUrl, redisUrl, name = QUEUE_NAME }: QueueConnection): QueueBackend => {
  if (redisUrl) {
    return {
      kind: 'redis',
      name,
      classes: classesOf(createRedisBackend as unknown as BackendFactory),
      producer: { url: redisUrl, enableOfflineQueue: false, maxRetriesPerRequest: 1, connectTimeout: 5_000 },
      worker: { url: redisUrl, maxRetriesPerRequest: null, connectTimeout: 5_000 },
    };
  }
  const postgres = {
    connectionString: databaseUrl,
    migrate: true,
    // Few and short queries: one connection is enough, and none is held while nothing is asked.
    max: 1,
    idleTimeoutMillis: 1_000,
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
    application_name: 'lockstep-queue',
  } as ConnectionOptions;
  return {
    kind: 'postgres',
    name,
    classes: classesOf(createPostgresBackend as unknown as BackendFactory),
    producer: postgres,
    worker: postgres,
  };
};
