import type { Settings } from '@lockstep/core/settings';
import { applyMigrations, createDb, type Db } from '@lockstep/db';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';
import { Problem } from './problem.ts';

export interface Store {
  db: Db;
  url: string;
  close(): Promise<void>;
}

/**
 * The database of the settings, migrated: DATABASE_URL, else the embedded Postgres. One that `npm start` has running
 * is used as it is and left running; one started here is stopped at `close`, unless someone else came to use it.
 */
export const openStore = async (settings: Settings): Promise<Store> => {
  const embedded = settings.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: settings.DATA_DIR });
  const url = settings.DATABASE_URL ?? (embedded?.url as string);
  try {
    await applyMigrations(url);
  } catch (error) {
    await embedded?.stop();
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Problem(
      `The database ${new URL(url).host} cannot be used: ${message || code}. Check DATABASE_URL, or unset it.`,
    );
  }
  const db = createDb({ connectionString: url, poolSize: 4 });
  return {
    db,
    url,
    close: async () => {
      const others = embedded && !embedded.reused ? await otherConnections(db) : 1;
      await db.close();
      if (others === 0) await embedded?.stop();
    },
  };
};

/** Connections to this database that are not ours. */
const otherConnections = async ({ pool }: Db): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where backend_type = 'client backend' and datname = current_database()`,
  );
  return (rows[0]?.n ?? 0) - pool.totalCount;
};
