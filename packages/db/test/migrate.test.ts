import { applyMigrations, awaitSchema } from '@lockstep/db';
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

  /** What starting says, by the launcher and by the processes that find the database already there. */
  const refusals = async () => {
    const said = (work: Promise<unknown>) =>
      work.then(
        () => 'started',
        (error: Error) => error.message,
      );
    return [await said(applyMigrations(database.url)), await said(awaitSchema(database.url))];
  };
  const both = (line: unknown) => [line, line];

  it('web and worker refuse a database that lacks some, and go on when it has all', async () => {
    await client.query(
      `delete from _prisma_migrations where migration_name = (select max(migration_name) from _prisma_migrations)`,
    );
    await expect(awaitSchema(database.url)).rejects.toThrow(
      /^The database lacks 1 migrations of this Lockstep/,
    );
    await forget();
    await expect(awaitSchema(database.url)).rejects.toThrow(/lacks \d+ migrations .* "npm start"/);
    await applyMigrations(database.url);
    await awaitSchema(database.url);
  });

  it('refuses data of a newer version, and changes nothing of it', async () => {
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'y', '29990101000000_threads', now())`,
    );
    await client.query(
      `delete from _prisma_migrations where migration_name = (select max(migration_name) from _prisma_migrations where id <> 'x')`,
    );
    const before = await client.query('select * from _prisma_migrations order by id');
    expect(await refusals()).toEqual(
      both(
        'This data is from a newer Lockstep (it has migration 29990101000000_threads): update Lockstep, or restore the backup from before that update',
      ),
    );
    expect((await client.query('select * from _prisma_migrations order by id')).rows).toEqual(before.rows);
    await forget();
    await applyMigrations(database.url);
  });

  it('treats a rolled-back migration as not applied', async () => {
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, rolled_back_at) values ('x', 'y', '29990101000000_threads', now())`,
    );
    expect(await refusals()).toEqual(both('started'));
  });

  it('refuses one that another tool has begun and not finished', async () => {
    await client.query('update _prisma_migrations set finished_at = null where id <> $1', ['x']);
    expect(await refusals()).toEqual(
      both(expect.stringMatching(/^Migration \d+_\w+ was begun by another tool/)),
    );
    await client.query('update _prisma_migrations set finished_at = now()');
  });

  it('refuses one that was changed after it was applied', async () => {
    await client.query(`update _prisma_migrations set checksum = 'other'`);
    expect(await refusals()).toEqual(both(expect.stringMatching(/was changed after it was applied/)));
  });
});
