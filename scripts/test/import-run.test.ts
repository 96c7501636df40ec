import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDb, type Db, inboxEntry, messagesBefore } from '@lockstep/db';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportOptions } from '../import/run.ts';
import { importUbuntu } from './world.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** On a machine that does other things as well. */
const SLOW = 180_000;

let database: TestDatabase;
let db: Db;
let folder: string;
beforeEach(async () => {
  database = await testDatabase();
  db = createDb({ connectionString: database.url, poolSize: 3 });
  folder = mkdtempSync(join(tmpdir(), 'lockstep-import-'));
});
afterEach(async () => {
  await db.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (options: Partial<ImportOptions> = {}) => importUbuntu(db, { folder, ...options });

const makeAdmin = async (email = 'ann@example.org', role = 'admin') => {
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into "user" (name, email, role) values ('Ann', $1, $2::"WorkspaceRole") returning id`,
    [email, role],
  );
  return (rows[0] as { id: string }).id;
};

const DAY_1 = `=== Ann_ [x@y]  has joined #ubuntu
[10:00] <Ann_> first
[10:00] <bob> second
[10:01] <bob>
[10:01]  * bob waves
=== Ann_ is now known as annie
=== ..[topic/#ubuntu:bob] : Be kind
[10:02] <annie> third
not a line
=== bob [x@y]  has left #ubuntu ["bye"]
`;
const DAY_2 = `[09:00] <BOB> fourth\n[09:00] <carol> gr\xfc\xdfe\n`;

const writeSmall = () => {
  // Written in the wrong order: days count, not the order of files.
  writeFileSync(join(folder, '2004-12-26.txt'), Buffer.from(DAY_2, 'latin1'));
  writeFileSync(join(folder, '2004-12-25.txt'), DAY_1);
  writeFileSync(join(folder, 'LICENSE.txt'), 'none of this');
};

/** All that the import stored, by people's names: what has to be the same however it was interrupted. */
const stored = async () => {
  const messages = await db.pool.query(
    `select m.seq, m.rev, u.name, m.body, m.system->>'type' as system, m.client_id, m.created_at
     from message m join "user" u on u.id = m.sender_id order by m.seq`,
  );
  const members = await db.pool.query(
    `select u.name, m.role from active_member m join "user" u on u.id = m.user_id order by 1`,
  );
  const head = await db.pool.query(
    'select head_seq, head_rev, member_count, diffusion, topic from conversation',
  );
  const entries = await db.pool.query(
    'select count(*)::int as n, min(read_seq) as read from inbox_entry where not removed',
  );
  return { messages: messages.rows, members: members.rows, head: head.rows, entries: entries.rows };
};

describe('importing a folder', () => {
  it('keeps order, times and people, and reports what it could not read', async () => {
    writeSmall();
    const ann = await makeAdmin();
    const summary = await run({ offsetMinutes: 60 });
    const { messages, members, head } = await stored();
    expect(
      messages.map(({ seq, name, body, system, created_at }) => [
        seq,
        name,
        body ?? system,
        created_at.toISOString().slice(8, 16),
      ]),
    ).toEqual([
      [1, 'Ann', 'created', '25T09:00'],
      [2, 'Ann_', 'joined', '25T09:00'],
      [3, 'Ann_', 'first', '25T09:00'],
      [4, 'bob', 'second', '25T09:00'],
      [5, 'bob', '*bob waves*', '25T09:01'],
      [6, 'Ann_', '*Ann_ is now known as annie*', '25T09:01'],
      [7, 'bob', 'topic', '25T09:01'],
      [8, 'annie', 'third', '25T09:02'],
      [9, 'bob', 'left', '25T09:02'],
      [10, 'bob', 'fourth', '26T08:00'],
      [11, 'carol', 'grüße', '26T08:00'],
    ]);
    expect(head).toEqual([
      { head_seq: 11, head_rev: 11, member_count: 5, diffusion: 'write', topic: 'Be kind' },
    ]);
    expect(members).toContainEqual({ name: 'Ann', role: 'owner' });
    expect(summary).toMatchObject({
      files: 2,
      lines: 12,
      messages: 7,
      systemMessages: 3,
      people: 4,
      added: 10,
    });
    expect(summary.unreadable.map(({ file, line }) => `${file}:${line}`)).toEqual([
      '2004-12-25.txt:4',
      '2004-12-25.txt:9',
    ]);
    expect(summary.skipped).toEqual(['LICENSE.txt']);
    // What is years old is not unread (rule 7).
    expect(await inboxEntry(db, ann, summary.conversationId)).toMatchObject({ unread: 0, readSeq: 11 });
    const page = await messagesBefore(db, ann, { conversationId: summary.conversationId, limit: 50 });
    expect(page.messages).toHaveLength(11);
  });

  it('adds nothing the second time, and only what is new the third (rule 2)', async () => {
    writeSmall();
    await makeAdmin();
    await run();
    const once = await stored();
    expect(await run()).toMatchObject({ added: 0, newPeople: 0 });
    expect(await stored()).toEqual(once);
    writeFileSync(join(folder, '2004-12-27.txt'), '[08:00] <dave> fifth\n');
    expect(await run()).toMatchObject({ added: 1, newPeople: 1 });
    expect((await stored()).messages.at(-1)).toMatchObject({ seq: 12, rev: 12, name: 'dave' });
  });

  it('works before the first account, which then takes the channel over', async () => {
    writeSmall();
    const before = await run();
    expect(before.owner).toBeNull();
    const ann = await makeAdmin();
    const after = await run();
    expect(after.conversationId).toBe(before.conversationId);
    expect(await inboxEntry(db, ann, after.conversationId)).toMatchObject({ role: 'owner', unread: 0 });
  });

  it.each([
    ['no folder', { folder: '/nowhere' }, 'There is no folder /nowhere.'],
    ['no account of that name', { as: 'eve@example.org' }, 'There is no account with the e-mail'],
    ['a private channel without an owner', { isPrivate: true }, 'needs an owner'],
  ])('says in one line: %s', async (_, options, message) => {
    writeSmall();
    await expect(run(options)).rejects.toThrow(message);
  });

  it('is as if done once after being killed again and again', { timeout: SLOW }, async () => {
    const lines = (day: number) =>
      Array.from(
        { length: 2_400 },
        (_, i) => `[10:${String(i % 60).padStart(2, '0')}] <p${i % 700}> ${day} ${i}`,
      );
    for (let day = 1; day <= 3; day++)
      writeFileSync(join(folder, `2005-01-0${day}.txt`), lines(day).join('\n'));
    await makeAdmin();
    const dataDir = mkdtempSync(join(tmpdir(), 'lockstep-report-'));
    try {
      for (const atLeast of [2_000, 4_000]) {
        const child = spawn(
          process.execPath,
          ['--import', 'tsx', 'scripts/import.ts', 'irc', folder, '--channel', 'ubuntu'],
          {
            cwd: root,
            env: { ...process.env, DATABASE_URL: database.url, DATA_DIR: dataDir },
            stdio: 'ignore',
          },
        );
        const ended = once(child, 'exit');
        const killed = (async () => {
          while (child.exitCode === null && child.signalCode === null) {
            const { rows } = await db.pool.query<{ n: number }>(
              'select coalesce(max(head_seq), 0)::int as n from conversation',
            );
            if ((rows[0]?.n ?? 0) > atLeast) return child.kill('SIGKILL');
          }
          return false;
        })();
        const [, signal] = await ended;
        expect(await killed).toBe(true);
        expect(signal).toBe('SIGKILL');
      }
      const { rows } = await db.pool.query<{ n: number }>('select max(head_seq)::int as n from conversation');
      expect(rows[0]?.n).toBeLessThan(7_201);
      await run();
      const pieces = await stored();
      expect(pieces.messages).toHaveLength(7_201);
      expect(pieces.head).toEqual([
        { head_seq: 7_201, head_rev: 7_201, member_count: 701, diffusion: 'read', topic: null },
      ]);
      const bodies = pieces.messages.slice(1).map(({ body }) => body);
      expect(bodies).toEqual(
        [1, 2, 3].flatMap((day) => Array.from({ length: 2_400 }, (_, i) => `${day} ${i}`)),
      );
      expect(pieces.entries).toEqual([{ n: 701, read: 7_201 }]);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

const command = async (args: string[]) => {
  const dataDir = join(folder, 'data');
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/import.ts', ...args], {
    cwd: root,
    env: { ...process.env, INIT_CWD: root, DATABASE_URL: database.url, DATA_DIR: dataDir },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const [code] = await once(child, 'close');
  const reports = existsSync(dataDir)
    ? readdirSync(dataDir).filter((name) => name.startsWith('import-report'))
    : [];
  return { code, out, err, reports: reports.map((name) => readFileSync(join(dataDir, name), 'utf8')) };
};

describe('npm run import', () => {
  it('says what it assumed about times: some in the summary, all in the report', async () => {
    const days = ['01', '02', '03', '04', '05'];
    for (const day of days)
      writeFileSync(
        join(folder, `2004-12-${day}.txt`),
        '[15:00] <ann> a\n[09:00] <bob> b\n[15:01] <ann> c\n',
      );
    writeFileSync(join(folder, '2004-12-31.txt'), '[23:59] <ann> soon\n[00:01] <ann> happy new year\n');
    const { code, out, reports } = await command(['irc', folder, '--channel', 'ubuntu']);
    expect(code).toBe(0);
    const odd = (day: string) =>
      `2004-12-${day}.txt:2: [09:00] does not follow from the lines around it, so this line is taken for 15:00, the time of the line before`;
    const midnight =
      '2004-12-31.txt:2: [00:01] after [23:59]: the log passes midnight, so this line and those after it are taken for 2005-01-01';
    for (const day of days) expect(out).toContain(`\n  ${odd(day)}\n`);
    expect(out).not.toContain(midnight);
    expect(out).toMatch(
      /\n {2}Assumed about times in 6 places, all of them listed in .*import-report-.*\.txt\n/,
    );
    expect(reports).toHaveLength(1);
    const lines = reports[0]?.split('\n') ?? [];
    expect(lines.slice(lines.indexOf('Assumed about times: 6.') + 1)).toEqual([
      ...days.map(odd),
      midnight,
      '',
    ]);
  });

  it('prints a summary and writes the report', async () => {
    writeSmall();
    const { code, out, reports } = await command(['irc', folder, '--channel', 'ubuntu']);
    expect(code).toBe(0);
    expect(out).toContain('#ubuntu: 12 lines of 2 files');
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain('2004-12-25.txt:9: not a line of an IRC log: not a line');
    expect(reports[0]).toContain('LICENSE.txt: no day');
  });

  it.each([
    [['irc'], 'Which folder?'],
    [['irc', '/nowhere', '--channel', 'x'], 'There is no folder'],
  ])('ends with 1, one line and the usage: %j', async (args, message) => {
    const { code, err } = await command(args);
    expect(code).toBe(1);
    expect(err.split('\n')[0]).toContain(message);
    expect(err).toContain('Usage: npm run import');
    expect(err).not.toContain('    at ');
  });
});

const REAL = fileURLToPath(new URL('../../../shared/data/irc-ubuntu', import.meta.url));

describe('the real logs', () => {
  it.skipIf(!existsSync(REAL))(
    'come in whole (skipped where ../shared/data is absent)',
    { timeout: SLOW },
    async () => {
      await makeAdmin();
      const summary = await run({ folder: REAL });
      expect(summary).toMatchObject({ files: 104, lines: 157_338, added: 157_323 });
      expect(summary.unreadable).toHaveLength(15);
      const { rows } = await db.pool.query(
        `select count(*)::int as n, max(seq) as seq, max(rev) as rev, count(distinct client_id)::int as ids,
         (select count(*)::int from (select created_at < lag(created_at) over (order by seq) as back from message) x where back) as back
       from message`,
      );
      expect(rows[0]).toEqual({ n: 157_324, seq: 157_324, rev: 157_324, ids: 157_324, back: 0 });
    },
  );
});
