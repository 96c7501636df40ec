import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyMigrations } from '@lockstep/db';
import { discardEmbeddedPostgres, startEmbeddedPostgres } from '@lockstep/db/embedded';
import { bareDatabase } from '@lockstep/testing/cluster';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from './program.ts';

const MESSAGES = 20_000;
const config = { shared_buffers: '16MB' };
const SLOW = 120_000;

let base: string;
/** A workspace that is not running. */
let home: string;
let folder: string;
const at = (name: string) => join(base, name);
const started = new Set<string>();

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'lockstep-backup-'));
  [home, folder] = [at('home'), at('backup')];
  await withData(home, async (url) => {
    await applyMigrations(url);
    await ask(
      url,
      `insert into message (conversation_id, seq, rev, sender_id, client_id, body)
         select '00000000-0000-7000-8000-00000000000a', s, s, uuidv7(), uuidv7(), repeat('word ' || s, 20)
         from generate_series(1, ${MESSAGES}) s;
       analyze`,
    );
  });
  writeFileSync(join(home, 'auth-secret'), 'a secret of at least 32 characters', { mode: 0o600 });
}, SLOW);
afterAll(async () => {
  for (const dataDir of started) await discardEmbeddedPostgres(dataDir);
  rmSync(base, { recursive: true, force: true });
});

const ask = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
};
const withData = async <T>(dataDir: string, work: (url: string) => Promise<T>): Promise<T> => {
  started.add(dataDir);
  const postgres = await startEmbeddedPostgres({ dataDir, config });
  return work(postgres.url).finally(() => postgres.stop());
};
const sumOf = (url: string) =>
  ask(
    url,
    `select count(*)::int as n, md5(string_agg(seq || body, '' order by seq)) as sum from message`,
  ).then(({ rows }) => rows[0]);
const run = (program: string, args: string[], env: Record<string, string> = {}) =>
  runProgram('.', [`scripts/${program}.ts`, ...args], { DATA_DIR: home, DATABASE_URL: '', ...env });

it('a backup is made while Lockstep runs, and leaves its Postgres running', { timeout: SLOW }, async () => {
  await withData(home, async (url) => {
    const { status, stdout, stderr } = await run('backup', ['--to', folder]);
    expect([status, stdout]).toEqual([0, expect.stringContaining('20,002 rows and 1 file')]);
    expect(stderr).toContain('100%');
    expect(await sumOf(url)).toMatchObject({ n: MESSAGES });
  });
  const again = await run('backup', ['--to', folder]);
  expect([again.status, again.stderr.trim()]).toEqual([
    1,
    `--to: ${folder} is not empty: each backup has a folder of its own, name a new one`,
  ]);
  // The Postgres that was started for it is stopped again.
  expect(existsSync(join(home, 'postgres', 'postmaster.pid'))).toBe(false);
});

it('a backup is checked, and the file with a changed byte named', { timeout: SLOW }, async () => {
  const whole = await run('backup', ['--verify', folder]);
  expect([whole.status, whole.stdout]).toEqual([0, expect.stringContaining(`${folder} is whole`)]);
  const file = join(folder, 'tables', 'message.copy.gz');
  const bytes = readFileSync(file);
  writeFileSync(
    file,
    bytes.map((byte, i) => (i === 1_000 ? byte ^ 1 : byte)),
  );
  for (const damaged of [
    await run('backup', ['--verify', folder]),
    await run('restore', ['--from', folder], { DATA_DIR: at('new') }),
  ])
    expect([damaged.status, damaged.stderr]).toEqual([
      1,
      expect.stringContaining(`${file} is missing, or is not as it was written`),
    ]);
  expect(existsSync(at('new'))).toBe(false);
  writeFileSync(file, bytes);
});

it('a restore that was killed goes on when it is given again, and is refused where one is', {
  timeout: SLOW,
}, async () => {
  const target = at('restored');
  started.add(target);
  const restore: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', 'scripts/restore.ts', '--from', folder],
    {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      env: { ...process.env, DATA_DIR: target, DATABASE_URL: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  restore.stderr?.on('data', (text) => {
    said += text;
    if (said.includes('rows/s')) restore.kill('SIGKILL');
  });
  await once(restore, 'exit');
  expect(said).toContain('rows/s');
  const again = await run('restore', ['--from', folder], { DATA_DIR: target });
  expect([again.status, again.stdout]).toEqual([
    0,
    expect.stringContaining('Restored 20,002 rows and 1 file'),
  ]);
  const before = await withData(home, sumOf);
  expect(await withData(target, sumOf)).toEqual(before);
  expect(readFileSync(join(target, 'auth-secret'), 'utf8')).toBe('a secret of at least 32 characters');
  const third = await run('restore', ['--from', folder], { DATA_DIR: target });
  expect([third.status, third.stderr]).toEqual([
    1,
    expect.stringContaining('is not empty, and nothing in it is replaced'),
  ]);
});

it('nothing is restored or moved where Lockstep runs', { timeout: SLOW }, async () => {
  const target = at('running');
  mkdirSync(target);
  const holder = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '-e'],
      `import(process.argv[1]).then(({ lockData }) => {
        for (const folder of process.argv.slice(2, 4)) lockData(folder, 'http://localhost:3000');
        console.log('held');
        setInterval(() => {}, 1e6);
      })`,
      ...[new URL('../lib/lock.ts', import.meta.url).href, target, home, 'scripts/start.mjs'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    await once(holder.stdout as NodeJS.ReadableStream, 'data');
    for (const refused of [
      await run('restore', ['--from', folder], { DATA_DIR: target }),
      await run('move', ['--to', at('moved')]),
    ])
      expect([refused.status, refused.stderr]).toEqual([
        1,
        expect.stringMatching(/is in use: Lockstep runs at http:\/\/localhost:3000/),
      ]);
    expect(existsSync(join(target, 'postgres.json'))).toBe(false);
  } finally {
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  }
});

it('a workspace moves to a Postgres of one’s own, and from there to another folder', {
  timeout: SLOW,
}, async () => {
  const before = await withData(home, sumOf);
  const own = await bareDatabase();
  const other = at('other');
  started.add(other);
  try {
    const there = await run('move', ['--to', own.url]);
    expect([there.status, there.stdout]).toEqual([0, expect.stringContaining('Now set DATABASE_URL')]);
    expect(await sumOf(own.url)).toEqual(before);
    const back = await run('move', ['--to', other], { DATABASE_URL: own.url });
    expect([back.status, back.stdout]).toEqual([
      0,
      expect.stringContaining(`Now set DATA_DIR=${other}\nNow unset DATABASE_URL.`),
    ]);
    expect(await withData(other, sumOf)).toEqual(before);
    expect(readFileSync(join(other, 'auth-secret'), 'utf8')).toBe('a secret of at least 32 characters');
    const twice = await run('move', ['--to', own.url]);
    expect([twice.status, twice.stderr]).toEqual([1, expect.stringContaining('is not empty')]);
    const here = await run('move', ['--to', home]);
    expect(here.stderr.trim()).toBe(`--to: the workspace is in ${home} already`);
  } finally {
    await own.drop();
  }
  expect(await withData(home, sumOf)).toEqual(before);
});
