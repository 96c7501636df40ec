import { applyMigrations } from '@lockstep/db';
import { testDatabase } from '@lockstep/testing/cluster';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('migrations', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let client: pg.Client;
  beforeAll(async () => {
    database = await testDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const forget = async () => {
    await client.query('drop schema public cascade');
    await client.query('create schema public');
  };

  it('does nothing where all are applied', async () => {
    expect(await applyMigrations(database.url)).toEqual([]);
  });

  it('applies each once when several processes start at the same time', async () => {
    await forget();
    const added = await Promise.all([1, 2, 3].map(() => applyMigrations(database.url)));
    const { rows } = await client.query<{ migration_name: string }>(
      'select migration_name from _prisma_migrations order by migration_name',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(added.flat().sort()).toEqual(rows.map((row) => row.migration_name));
  });

  it('keeps nothing of one that fails, and says which', async () => {
    await forget();
    await client.query('create table "conversation" (taken int)');
    await expect(applyMigrations(database.url)).rejects.toThrow(/Migration \d+_init failed: .*conversation/);
    const { rows } = await client.query(
      `select tablename from pg_tables where schemaname = 'public' and tablename <> '_prisma_migrations'`,
    );
    expect(rows).toEqual([{ tablename: 'conversation' }]);
    await client.query('drop table "conversation"');
    expect((await applyMigrations(database.url)).length).toBeGreaterThan(0);
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await client.query(`update _prisma_migrations set checksum = 'other'`);
    await expect(applyMigrations(database.url)).rejects.toThrow(/was changed after it was applied/);
  });
});
