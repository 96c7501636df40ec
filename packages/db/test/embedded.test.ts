import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, hasEmbeddedData, startEmbeddedPostgres } from '@lockstep/db/embedded';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const isRoot = process.getuid?.() === 0;
const config = { shared_buffers: '16MB', fsync: 'off' };

let base: string;
/** A data directory that was used and stopped; each test works on a copy. */
let template: string;
let home: string;
let running: EmbeddedPostgres[];

const start = async (dataDir: string): Promise<EmbeddedPostgres> => {
  const postgres = await startEmbeddedPostgres({ dataDir, config });
  running.push(postgres);
  return postgres;
};
const ask = async <T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
};
const whose = async ({ url }: EmbeddedPostgres) =>
  (await ask<{ name: string }>(url, 'select name from owner'))[0]?.name;
const rename = ({ url }: EmbeddedPostgres, name: string) => ask(url, `update owner set name = '${name}'`);
const savedIn = (dataDir: string) => JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8'));
const copy = (from: string, to: string) => cpSync(from, to, { recursive: true, verbatimSymlinks: true });

beforeAll(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-embedded-')));
  chmodSync(base, 0o711);
  template = join(base, 'template');
  running = [];
  const first = await start(template);
  await ask(first.url, `create table owner as select 'template'::text as name`);
  await first.stop();
});
beforeEach(() => {
  running = [];
  home = join(base, 'home');
  copy(template, home);
});
afterEach(async () => {
  for (const postgres of running) await postgres.stop();
  for (const name of ['home', 'other', 'disk', 'link'])
    rmSync(join(base, name), { recursive: true, force: true });
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('a copy of the data directory', () => {
  it.each([
    ['as it is', (saved: object) => saved],
    [
      'with the absolute path of an earlier version',
      (saved: object) => ({ ...saved, data: join(home, 'postgres') }),
    ],
  ])(
    '%s, started while the original runs: has its own server, stopping it leaves the original alone',
    async (_, change) => {
      const original = await start(home);
      await rename(original, 'original');
      await ask(original.url, 'checkpoint');
      const other = join(base, 'other');
      copy(home, other);
      writeFileSync(join(other, 'postgres.json'), JSON.stringify(change(savedIn(other))));

      const second = await start(other);
      expect(second.url).not.toBe(original.url);
      expect([second.reused, second.data, second.copyOf]).toEqual([
        false,
        join(other, 'postgres'),
        original.data,
      ]);
      await rename(second, 'copy');
      await second.stop();
      expect(await whose(original)).toBe('original');
    },
  );

  it('of which Postgres’s own folder was not copied, as it is a link to another disk, is refused', async () => {
    const disk = join(base, 'disk');
    renameSync(join(home, 'postgres'), disk);
    symlinkSync(disk, join(home, 'postgres'));
    const original = await start(home);
    const other = join(base, 'other');
    copy(home, other);
    await expect(startEmbeddedPostgres({ dataDir: other, config })).rejects.toThrow(
      `${other} is a copy of ${home}: the data of both is in ${disk}`,
    );
    expect(await whose(original)).toBe('template');
    await original.stop();
    // The original moved: what remains is no copy any more.
    rmSync(home, { recursive: true });
    expect(await whose(await start(other))).toBe('template');
  });
});

describe('a data directory that moves', () => {
  it('is found under its new name, with the server that runs in it', async () => {
    const first = await start(home);
    const other = join(base, 'other');
    renameSync(home, other);
    const second = await start(other);
    expect([second.reused, second.url]).toEqual([true, first.url]);
    await second.stop();
    const third = await start(other);
    expect([third.reused, await whose(third)]).toEqual([false, 'template']);
  });

  it('is the same through a symbolic link', async () => {
    const first = await start(home);
    symlinkSync(home, join(base, 'link'));
    const second = await start(join(base, 'link'));
    expect([second.reused, second.url]).toEqual([true, first.url]);
  });

  it('keeps its data where an earlier version wrote an absolute path', async () => {
    writeFileSync(
      join(home, 'postgres.json'),
      JSON.stringify({ ...savedIn(home), data: '/somewhere/else/postgres' }),
    );
    expect(await whose(await start(home))).toBe('template');
    expect(savedIn(home).data).toBe('postgres');
  });
});

describe('postmaster.pid', () => {
  const file = () => join(home, 'postgres', 'postmaster.pid');
  const names = (pid: number, data = join(home, 'postgres')) =>
    writeFileSync(file(), `${pid}\n${data}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`);

  it('that names another program is ignored, and that program left alone', async () => {
    // With everything in its command line that a careless look would take for a Postgres.
    const words = ['/bin/postgres', '-D', join(home, 'postgres'), '-c', 'port=5432'];
    const sleep = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', ...words]);
    names(sleep.pid as number);
    const postgres = await start(home);
    expect([postgres.reused, postgres.copyOf]).toEqual([false, null]);
    await postgres.stop();
    expect(sleep.exitCode ?? sleep.signalCode).toBeNull();
    sleep.kill();
  });

  it('that names the server of another folder is ignored, and that server left alone', async () => {
    const other = join(base, 'other');
    copy(template, other);
    const elsewhere = await start(other);
    names(Number(readFileSync(join(other, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]));
    const postgres = await start(home);
    expect(postgres.reused).toBe(false);
    await postgres.stop();
    expect(await whose(elsewhere)).toBe('template');
  });

  it('that names nothing is ignored', async () => {
    writeFileSync(file(), '-1\n/x\n');
    expect((await start(home)).reused).toBe(false);
  });
});

describe('one line that says what to do', () => {
  const refusal = () =>
    startEmbeddedPostgres({ dataDir: home, config }).then(
      () => 'it started',
      (error: Error) => error.message,
    );

  it('of data that is missing: no empty workspace takes its place', async () => {
    rmSync(join(home, 'postgres'), { recursive: true });
    expect(await refusal()).toBe(
      `${home}/postgres is missing, in which Postgres kept the data of ${home}: put it back, or remove ${home}/postgres.json too to begin an empty workspace`,
    );
    rmSync(join(home, 'postgres.json'));
    expect((await start(home)).reused).toBe(false);
  });

  it('of a password file that is missing, damaged or another one', async () => {
    const file = join(home, 'postgres.json');
    const text = readFileSync(file, 'utf8');
    rmSync(file);
    expect(await refusal()).toContain(`${file} is missing`);
    for (const damaged of ['', text.slice(0, 20), '[]', '{"password":1}', 'null']) {
      writeFileSync(file, damaged);
      expect(await refusal()).toContain(`${file} is damaged`);
    }
    writeFileSync(file, text.replace(/"password":"\w{8}/, '"password":"00000000'));
    expect(await refusal()).toContain(`The password in ${file} is not that of ${home}/postgres`);
  });

  it('of a folder that holds something else', async () => {
    rmSync(join(home, 'postgres', 'PG_VERSION'));
    expect(await refusal()).toBe(
      `${home}/postgres holds no data of Postgres, and is not empty: move it away`,
    );
    expect(existsSync(join(home, 'postgres', 'global'))).toBe(true);
  });

  it.skipIf(!isRoot)('of data of another user, for one who is not root', () => {
    spawnSync('chown', ['-R', '12345:12345', home]);
    spawnSync('chown', ['-R', '12346:12346', join(home, 'postgres')]);
    const module = fileURLToPath(new URL('../src/embedded/index.ts', import.meta.url));
    // Loaded as root, who can read the checkout wherever it stands; then it goes on as that user.
    const script = (uid: number) => `import(${JSON.stringify(module)}).then(({ startEmbeddedPostgres }) => {
      process.setgroups([]);
      process.setgid(${uid});
      process.setuid(${uid});
      return startEmbeddedPostgres({ dataDir: ${JSON.stringify(home)} });
    }).catch((error) => console.log(error.message))`;
    const run = (uid: number) =>
      spawnSync(process.execPath, ['--import', 'tsx', '-e', script(uid)], { encoding: 'utf8' }).stdout;
    expect(run(12345)).toBe(
      `${home}/postgres belongs to another user: start as that user, or set DATA_DIR to another folder\n`,
    );
    expect(run(12346)).toMatch(
      /cannot be written by this user \(EACCES\): start as its owner, or set DATA_DIR/,
    );
  });
});

it.skipIf(!isRoot)('root goes on as the user of the data, and gives away what root has copied', async () => {
  const owner = () => statSync(join(home, 'postgres', 'PG_VERSION')).uid;
  expect(owner()).toBe(0);
  await (await start(home)).stop();
  expect(owner()).toBe(65534);
  spawnSync('chown', ['-R', '12345:12345', home]);
  await (await start(home)).stop();
  expect(owner()).toBe(12345);
  expect(statSync(join(home, 'postgres.json')).uid).toBe(12345);
});

it('a server writes its log anew once the file was renamed, also one that was taken over', async () => {
  const first = await start(home);
  const second = await start(home);
  expect(second.reused).toBe(true);
  for (const postgres of [first, second]) {
    renameSync(postgres.logFile, `${postgres.logFile}.1`);
    postgres.reopenLog();
    await expect.poll(() => existsSync(postgres.logFile)).toBe(true);
  }
});

it('an ephemeral one takes its data with it', async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: home, config, ephemeral: true });
  await postgres.stop();
  expect(existsSync(postgres.data)).toBe(false);
});

it('says whether there is data: not without its file, and for all it knows where it cannot look', () => {
  expect([home, join(base, 'nowhere'), base, join(home, 'postgres.json')].map(hasEmbeddedData)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  symlinkSync(join(base, 'link'), join(base, 'link'));
  expect(hasEmbeddedData(join(base, 'link'))).toBe(true);
});

it('takes away what a start that was killed while it made the data has left', async () => {
  const gone = spawnSync('true').pid;
  const other = join(base, 'other');
  mkdirSync(join(other, `postgres-${gone}`), { recursive: true });
  writeFileSync(join(other, `postgres-${gone}-password`), 'secret');
  await start(other);
  expect(
    [`postgres-${gone}`, `postgres-${gone}-password`].filter((name) => existsSync(join(other, name))),
  ).toEqual([]);
});

it('a server that was killed is not followed by another while something of it may still work on the data', async () => {
  const first = await start(home);
  const client = new pg.Client({ connectionString: first.url });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const left = rows[0]?.pid as number;
  const server = Number(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(left, 'SIGSTOP');
  process.kill(server, 'SIGKILL');
  expect(await first.lost).toBe('was ended by SIGKILL');
  const second = start(home);
  await expect
    .poll(() => readFileSync(first.logFile, 'utf8'), { timeout: 30_000 })
    .toContain('shared memory block');
  process.kill(left, 'SIGCONT');
  expect([(await second).url, await whose(await second)]).toEqual([first.url, 'template']);
});
