import type { Settings } from '@lockstep/core/settings';
import { applyMigrations, createDb, type Db } from '@lockstep/db';
import { hasEmbeddedData, startEmbeddedPostgres } from '@lockstep/db/embedded';
import { reachPostgres } from './reach.ts';
import { StartError } from './steps.mjs';

export interface Workspace {
  db: Db;
  url: string;
  close(): Promise<void>;
}

/**
 * For scripts: the workspace of the settings (scripts/lib/settings.ts), brought up to date. It is that of DATABASE_URL,
 * else the embedded Postgres: one that `npm start` has running is used as it is and left running; one started here is
 * stopped at `close`, unless someone else has come to use it. Throws StartError where there is no workspace: only
 * `npm start` makes one.
 */
export const openWorkspace = async (settings: Settings): Promise<Workspace> => {
  const { DATABASE_URL, DATA_DIR } = settings;
  if (DATABASE_URL) {
    await reachPostgres(DATABASE_URL);
    return open(DATABASE_URL, `DATABASE_URL: there is no workspace in ${nameOf(DATABASE_URL)}`);
  }
  const missing = `DATA_DIR: there is no workspace in ${DATA_DIR}`;
  if (!hasEmbeddedData(DATA_DIR)) throw new StartError(`${missing}: "npm start" makes one, or set DATA_DIR`);
  const embedded = await startEmbeddedPostgres({ dataDir: DATA_DIR }).catch((error: Error) => {
    throw new StartError(error.message, { cause: error });
  });
  const stop = async () => {
    if (!embedded.reused) await embedded.stop();
  };
  try {
    const { db, url, close } = await open(embedded.url, missing);
    return {
      db,
      url,
      close: async () => {
        const others = await otherConnections(db);
        await close();
        if (others === 0) await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const open = async (url: string, missing: string): Promise<Workspace> => {
  const db = createDb({ connectionString: url, poolSize: 4 });
  try {
    const { rows } = await db.pool.query<{ made: boolean }>(
      `select to_regclass('_prisma_migrations') is not null as made`,
    );
    if (!rows[0]?.made) throw new StartError(`${missing}: "npm start" makes one`);
    await applyMigrations(url);
    return { db, url, close: () => db.close() };
  } catch (error) {
    await db.close();
    const { name, message, code } = error as NodeJS.ErrnoException;
    if (name === 'StartError') throw error;
    if (name === 'SchemaError') throw new StartError(message, { cause: error });
    throw new StartError(`The database ${nameOf(url)} cannot be used: ${message || code}`);
  }
};

/** Where it is, without user and password. */
const nameOf = (url: string): string => `${new URL(url).host}${new URL(url).pathname}`;

/** Connections to this database that are not ours. */
const otherConnections = async ({ pool }: Db): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where backend_type = 'client backend' and datname = current_database()`,
  );
  return (rows[0]?.n ?? 0) - pool.totalCount;
};
