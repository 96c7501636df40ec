import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@lockstep/testing';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const start = fileURLToPath(new URL('../start.mjs', import.meta.url));

let folder: string;
let taken: Server;
let database: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-exit-'));
  writeFileSync(join(folder, 'file'), '');
  taken = createServer();
  const port = await freePort();
  await new Promise<void>((done) => taken.listen(port, '127.0.0.1', done));
  database = await testDatabase();
});
afterAll(async () => {
  taken.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const launch = async (
  env: NodeJS.ProcessEnv,
  onLine: (line: string, stop: () => void) => void = () => {},
) => {
  const { npm_lifecycle_event, ...inherited } = process.env;
  const child = spawn(process.execPath, [start], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited,
      DATA_DIR: folder,
      PORT: String(await freePort()),
      PUBLIC_URL: '',
      DATABASE_URL: '',
      REDIS_URL: '',
      ...env,
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      printed += data;
      onLine(printed, () => child.kill('SIGTERM'));
    });
  const code = await new Promise((done) => child.once('close', done));
  return { code, printed: printed.trim() };
};

// The first of them makes the programs.
describe('npm start with a wrong setting ends with exit code 1 and one line that names it', {
  timeout: 180_000,
}, () => {
  it.each<[string, () => NodeJS.ProcessEnv, RegExp]>([
    ['a port that is none', () => ({ PORT: '70000' }), /^PORT: must be at most 65535 \(it is "70000"\)$/],
    [
      'a port that is taken',
      () => ({ PORT: String((taken.address() as { port: number }).port) }),
      /^PORT: \d+ is taken by another program: stop that one, or start with another, such as PORT=\d+ npm start$/,
    ],
    [
      'an address of another machine',
      () => ({ HOST: '192.0.2.1' }),
      /^HOST: 192\.0\.2\.1 is not an address of/,
    ],
    [
      'an address with a path',
      () => ({ PUBLIC_URL: 'https://a.org/chat' }),
      /^PUBLIC_URL: must have no path/,
    ],
    ['a choice that is none', () => ({ TRUST_PROXY: 'yes' }), /^TRUST_PROXY: must be one of on, off/],
    ['a short secret', () => ({ AUTH_SECRET: 'geheim' }), /^AUTH_SECRET: must have at least 32 characters$/],
    [
      'a password with a #',
      () => ({ DATABASE_URL: 'postgresql://a:b#c@localhost/d' }),
      /^DATABASE_URL: has a "#" in it, .*%23/,
    ],
    [
      'a wrong password',
      () => ({ DATABASE_URL: database.url.replace(/:[^:@]+@/, ':wrong@') }),
      /^DATABASE_URL: .*: user or password is wrong$/,
    ],
    [
      'a folder that is a file',
      () => ({ DATA_DIR: join(folder, 'file') }),
      /^DATA_DIR: .* cannot be written/,
    ],
  ])('%s', async (_, env, line) => {
    const { code, printed } = await launch(env());
    // Where the database client or the server was not made yet, a line says that it is now.
    const said = printed.split('\n').filter((one) => one !== '' && !/^(generate|server) /.test(one));
    expect(said).toEqual([expect.stringMatching(line)]);
    expect(code).toBe(1);
  });
});

it('SIGTERM while it waits for the database: exit code 0', async () => {
  const { code, printed } = await launch(
    { REDIS_URL: `redis://127.0.0.1:${await freePort()}` },
    (text, stop) => text.includes('Next attempt') && stop(),
  );
  expect(printed).toContain('REDIS_URL: no Redis answers');
  expect(code).toBe(0);
});
