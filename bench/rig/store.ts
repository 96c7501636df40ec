import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, createDb, type Db } from '@lockstep/db';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';

export interface Store {
  db: Db;
  databaseUrl: string;
  /** Postgres lies in it; temporary, unless it was named. */
  folder: string;
  close(): Promise<void>;
}

/** A durable Postgres of one's own, with the tables in it and nothing else, or what an earlier run left in `keep`. */
export const makeStore = async (poolSize: number, keep?: string): Promise<Store> => {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, ephemeral: !keep, durable: true });
  const stop = async () => {
    await postgres.stop();
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await applyMigrations(postgres.url);
  } catch (error) {
    await stop();
    throw error;
  }
  const db = createDb({ connectionString: postgres.url, poolSize });
  return {
    db,
    databaseUrl: postgres.url,
    folder,
    close: async () => {
      await db.close();
      await stop();
    },
  };
};
