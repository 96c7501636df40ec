import type { ChildProcess } from 'node:child_process';
import type { Db } from '@lockstep/db';
import { expect } from 'vitest';

/** Starts a worker, and returns once it waits with the checkpoint of this part of an export. */
export const holdAtPart = async (db: Db, part: number, start: () => ChildProcess) => {
  const client = await db.pool.connect();
  await client.query('select pg_advisory_lock(4711)');
  await client.query(
    `create function hold() returns trigger language plpgsql as $$
     begin perform pg_advisory_xact_lock(4711); return new; end $$;
     create trigger hold before update on history_export for each row
       when (new.parts = ${part}) execute function hold()`,
  );
  const worker = start();
  const waiters = async (what = '1') =>
    (
      await client.query(
        `select ${what} from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`,
      )
    ).rowCount;
  await expect.poll(() => waiters(), { timeout: 30_000, interval: 5 }).toBe(1);
  /** Lets it go on. */
  const letGo = async () => {
    await client.query('select pg_advisory_unlock(4711)');
  };
  const release = async () => {
    // Postgres does not notice that the one who waits is dead, and would commit what it asked for.
    await waiters('pg_terminate_backend(pid)');
    await expect.poll(() => waiters(), { timeout: 30_000 }).toBe(0);
    await letGo();
    await client.query('drop function hold cascade');
    client.release();
  };
  return { worker, letGo, release };
};
