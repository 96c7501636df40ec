import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations } from '@lockstep/db';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from './program.ts';

let database: TestDatabase;
let DATA_DIR: string;
beforeAll(async () => {
  DATA_DIR = mkdtempSync(join(tmpdir(), 'lockstep-damaged-'));
  writeFileSync(join(DATA_DIR, 'auth-secret'), 'x');
  database = await testDatabase();
  await applyMigrations(database.url);
});
afterAll(async () => {
  await database.drop();
  rmSync(DATA_DIR, { recursive: true, force: true });
});

it.each([
  ['the web process', 'apps/web', ['server/main.ts']],
  ['the worker', 'apps/worker', ['src/main.ts']],
  ['npm run admin', '.', ['scripts/admin.ts', 'list']],
])('a damaged auth-secret ends %s with one line', async (_, cwd, args) => {
  const { status, stderr } = await runProgram(cwd, args, {
    DATABASE_URL: database.url,
    DATA_DIR,
    AUTH_SECRET: undefined,
  });
  expect(stderr.trim()).toBe(
    `DATA_DIR: ${join(DATA_DIR, 'auth-secret')} is damaged: put it back from a backup, or remove it, and everyone signs in again`,
  );
  expect(status).toBe(1);
});
