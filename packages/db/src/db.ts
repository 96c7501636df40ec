import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { AuditKey } from './audit/canonical.ts';
import { PrismaClient } from './generated/client.ts';
import { Appender, type AppenderOptions } from './timeline/append.ts';

/** int8 (`pos`, counts) fits a JavaScript number for 2^53 changes. */
const INT8 = 20;
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

export interface DbOptions extends AppenderOptions {
  connectionString: string;
  /** Connections at most. Default 10. */
  poolSize?: number;
  /** Called with errors of idle connections, such as a stopped database; the pool opens new ones by itself. */
  onError?: (error: Error) => void;
}

/** The store. Handed as the first argument to every function of this package. */
export interface Db {
  /** For the timelines: plain SQL, prepared on hot paths. */
  pool: pg.Pool;
  /** Over the same pool, for what is not on a hot path: people, sessions, invitations. */
  prisma: PrismaClient;
  /** The group commit. */
  appender: Appender;
  /**
   * Key for the hashes of the audit log; without it rows have version 1. Set once by the process that has the secret.
   */
  auditKey: AuditKey | null;
  /** Waits for the appends in flight, then closes all connections. Idempotent. */
  close(): Promise<void>;
}

export const createDb = ({
  connectionString,
  poolSize = 10,
  onError = () => {},
  ...appending
}: DbOptions): Db => {
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    types,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    // A process that froze or lost its machine must not hold the lock of a conversation forever.
    idle_in_transaction_session_timeout: 15_000,
    application_name: 'lockstep',
  });
  pool.on('error', onError);
  // A connection that breaks while it is checked out fails its query; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', onError));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const appender = new Appender(pool, appending);
  const end = async () => {
    await appender.idle();
    await prisma.$disconnect();
    await pool.end();
  };
  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= end();
    return ended;
  };
  return { pool, prisma, appender, auditKey: null, close };
};
