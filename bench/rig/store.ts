import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, createDb, type Db } from '@lockstep/db';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';

export interface Store {
  db: Db;
  databaseUrl: string;
  /** Of the server process, whose children are the backends. */
  pid: number;
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
    pid: Number(readFileSync(join(postgres.data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
    folder,
    close: async () => {
      await db.close();
      await stop();
    },
  };
};
