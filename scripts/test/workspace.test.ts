import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '@lockstep/core/settings';
import { applyMigrations } from '@lockstep/db';
import { startEmbeddedPostgres, withDatabase } from '@lockstep/db/embedded';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../lib/workspace.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-workspace-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = (env: Record<string, string>) => loadSettings({ DATA_DIR: join(folder, 'none'), ...env });

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
};

describe('a script that needs the workspace', () => {
  it('makes none where there is none, and says where it looked', async () => {
    const DATA_DIR = join(folder, 'empty');
    await expect(openWorkspace(settings({ DATA_DIR }))).rejects.toThrow(
      `DATA_DIR: there is no workspace in ${DATA_DIR}: "npm start" makes one, or set DATA_DIR`,
    );
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  it('says so of a database without one, and writes nothing into it', async () => {
    const server = process.env.LOCKSTEP_TEST_POSTGRES ?? '';
    const client = new pg.Client({ connectionString: withDatabase(server, 'postgres') });
    await client.connect();
    await client.query('create database not_a_workspace');
    try {
      const DATABASE_URL = withDatabase(server, 'not_a_workspace');
      await expect(openWorkspace(settings({ DATABASE_URL }))).rejects.toThrow(
        /^DATABASE_URL: there is no workspace in 127\.0\.0\.1:\d+\/not_a_workspace: "npm start" makes one$/,
      );
    } finally {
      await client.query('drop database not_a_workspace');
      await client.end();
    }
  });

  it('starts the embedded Postgres and stops it again; one that runs is used and left running', async () => {
    const DATA_DIR = join(folder, 'data');
    const first = await startEmbeddedPostgres({ dataDir: DATA_DIR });
    await applyMigrations(first.url);
    const beside = await openWorkspace(settings({ DATA_DIR }));
    expect(beside.url).toBe(first.url);
    await beside.close();
    expect(await answers(first.url)).toBe(true);
    await first.stop();

    const alone = await openWorkspace(settings({ DATA_DIR }));
    expect((await alone.db.pool.query('select count(*)::int as n from "user"')).rows).toEqual([{ n: 0 }]);
    await alone.close();
    expect(await answers(alone.url)).toBe(false);
  });
});

describe('scripts of package.json', () => {
  /** The repository in another folder, so that it has a `.env` of its own. */
  const clone = () => {
    const copy = mkdtempSync(join(folder, 'clone-'));
    for (const name of readdirSync(root))
      if (!['scripts', '.env', '.lockstep', '.git'].includes(name))
        symlinkSync(join(root, name), join(copy, name));
    cpSync(join(root, 'scripts'), join(copy, 'scripts'), { recursive: true });
    return copy;
  };
  const runWith = (more: Record<string, string>, copy: string, ...args: string[]) => {
    const { DATA_DIR, DATABASE_URL, ...env } = process.env;
    return spawnSync(process.execPath, [join(copy, 'scripts/run.mjs'), ...args], {
      cwd: tmpdir(),
      env: { ...env, ...more },
      encoding: 'utf8',
    });
  };
  const run = runWith.bind(null, {});

  it.each([
    ['import', 'scripts/import.ts', ['irc', '.', '--channel', 'x']],
    ['search', 'scripts/search.ts', ['status']],
    ['admin', 'scripts/admin.ts', ['list']],
  ])('%s reads .env as npm start does', (_, file, args) => {
    const copy = clone();
    writeFileSync(join(copy, '.env'), 'DATA_DIR=elsewhere\n');
    const { status, stderr } = run(copy, file, ...args);
    expect(stderr).toBe(
      `DATA_DIR: there is no workspace in ${join(copy, 'elsewhere')}: "npm start" makes one, or set DATA_DIR\n`,
    );
    expect(status).toBe(1);
    expect(existsSync(join(copy, 'elsewhere'))).toBe(false);
  });

  it('refuse a .env with a setting that there is not, and name the one that was meant', () => {
    const copy = clone();
    writeFileSync(
      join(copy, '.env'),
      'DATA_DIR=elsewhere\nSIGNUP=invitation\nREDIS_URL=redis://:a#b@localhost\n',
    );
    const { status, stderr } = run(copy, 'admin', 'list');
    const [misspelt, cutOff, ...more] = stderr.trimEnd().split('\n');
    expect(misspelt).toBe('SIGNUP in .env is no setting: did you mean SIGN_UP?');
    expect(cutOff).toContain('REDIS_URL in .env: a "#" begins a comment there');
    expect(more).toEqual([]);
    expect(status).toBe(1);
  });

  it('say so of one in the environment, and go on: it may be there for another program', () => {
    const copy = clone();
    const DATA_DIR = join(copy, 'none');
    const { status, stderr } = runWith({ DATA_DIR, LOG_LEVLE: 'debug' }, copy, 'admin', 'list');
    expect(stderr).toBe(
      `LOG_LEVLE is no setting and is ignored: did you mean LOG_LEVEL?\nDATA_DIR: there is no workspace in ${DATA_DIR}: "npm start" makes one, or set DATA_DIR\n`,
    );
    expect(status).toBe(1);
  });
});
