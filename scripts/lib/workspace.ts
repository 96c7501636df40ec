import type { Settings } from '@lockstep/core/settings';
import { applyMigrations, createDb, type Db } from '@lockstep/db';
import { hasEmbeddedData, startEmbeddedPostgres } from '@lockstep/db/embedded';
import pg from 'pg';
import { reachPostgres } from './reach.ts';
import { StartError } from './steps.mjs';

export interface Workspace {
  db: Db;
  url: string;
  close(): Promise<void>;
}

/** The database of a workspace, whatever the state of its schema. */
export interface WorkspaceDatabase {
  url: string;
  /** How a fault in it begins. */
  missing: string;
  /** Stops a Postgres that was started for this, unless someone else has come to use it. */
  close(): Promise<void>;
}

/**
 * For scripts: the database of the settings (scripts/lib/settings.ts). It is that of DATABASE_URL, else the embedded
 * Postgres: one that `npm start` has running is used as it is and left running; one started here is stopped at `close`,
 * unless someone else has come to use it. Throws StartError where there is none: only `npm start` makes one.
 */
export const openWorkspaceDatabase = async (settings: Settings): Promise<WorkspaceDatabase> => {
  const { DATABASE_URL, DATA_DIR } = settings;
  if (DATABASE_URL) {
    await reachPostgres(DATABASE_URL);
    const missing = `DATABASE_URL: there is no workspace in ${nameOf(DATABASE_URL)}`;
    return { url: DATABASE_URL, missing, close: async () => {} };
  }
  const missing = `DATA_DIR: there is no workspace in ${DATA_DIR}`;
  if (!hasEmbeddedData(DATA_DIR)) throw new StartError(`${missing}: "npm start" makes one, or set DATA_DIR`);
  const embedded = await startEmbeddedPostgres({ dataDir: DATA_DIR }).catch((error: Error) => {
    throw new StartError(error.message, { cause: error });
  });
  const close = async () => {
    if (!embedded.reused && (await connections(embedded.url)) === 0) await embedded.stop();
  };
  return { url: embedded.url, missing, close };
};

/** The same, with the schema brought up to date. */
export const openWorkspace = async (settings: Settings): Promise<Workspace> => {
  const database = await openWorkspaceDatabase(settings);
  try {
    const { db, url, close } = await open(database.url, database.missing);
    return {
      db,
      url,
      close: async () => {
        await close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
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

/** Connections to this database other than the one that asks; 0 where it does not answer any more. */
const connections = async (url: string): Promise<number> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where backend_type = 'client backend' and datname = current_database() and pid <> pg_backend_pid()`,
    );
    return rows[0]?.n ?? 0;
  } catch {
    return 0;
  } finally {
    await client.end().catch(() => {});
  }
};
