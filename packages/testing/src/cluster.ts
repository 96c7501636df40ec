import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { applyMigrations } from '@lockstep/db';
import { startEmbeddedPostgres, withDatabase } from '@lockstep/db/embedded';
import pg from 'pg';
import { scratchFolder } from './scratch.ts';

const TEMPLATE = 'lockstep_template';

/**
 * Vitest's global set-up: one Postgres for the whole run, with a migrated template that each test copies. Its commits
 * outlive the death of any process; `fsync` is left out, since no test cuts the power, and copies are faster by half.
 */
export default async function startCluster(): Promise<() => Promise<void>> {
  const dataDir = await scratchFolder();
  const config = { max_connections: '400', shared_buffers: '256MB' };
  const postgres = await startEmbeddedPostgres({ dataDir, ephemeral: true, config });
  await admin(postgres.url, `create database ${TEMPLATE}`);
  await applyMigrations(withDatabase(postgres.url, TEMPLATE));
  process.env.LOCKSTEP_TEST_POSTGRES = postgres.url;
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** An empty, migrated database of one's own, in some 50 ms. */
export const testDatabase = (): Promise<TestDatabase> => makeDatabase(TEMPLATE);

/** One with nothing in it, not even tables. */
export const bareDatabase = (): Promise<TestDatabase> => makeDatabase('template0');

const makeDatabase = async (template: string): Promise<TestDatabase> => {
  const server = process.env.LOCKSTEP_TEST_POSTGRES;
  if (!server)
    throw new Error('No test Postgres: run the tests with vitest from the root, which starts one.');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await admin(server, `create database ${name} template ${template}`);
  return { url: withDatabase(server, name), drop: () => admin(server, `drop database ${name} with (force)`) };
};

const admin = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') });
  await client.connect();
  try {
    // Copies of one template take turns.
    await client.query('select pg_advisory_lock(1)');
    await client.query(sql);
  } finally {
    await client.end();
  }
};
