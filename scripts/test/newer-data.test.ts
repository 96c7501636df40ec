import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from './program.ts';

describe('data of a newer version', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-newer-'));
    database = await testDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'y', '29990101000000_threads', now())`,
    );
    await client.end();
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['the web process', 'apps/web', ['server/main.ts']],
    ['the worker', 'apps/worker', ['src/main.ts']],
    ['npm run search', '.', ['scripts/search.ts', 'status']],
    ['npm run admin', '.', ['scripts/admin.ts', 'list']],
    ['npm run import', '.', ['scripts/import.ts', 'irc', '.', '--channel', 'x']],
    ['the migration of containers', '.', ['scripts/migrate.ts']],
  ])('is refused by %s, with one line', async (_, cwd, args) => {
    const { status, stderr } = await runProgram(cwd, args, { DATABASE_URL: database.url, DATA_DIR: folder });
    expect(stderr.trim()).toBe(
      'This data is from a newer Lockstep (it has migration 29990101000000_threads): update Lockstep, or restore the backup from before that update',
    );
    expect(status).toBe(1);
  });
});
