import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDb, stateDigest } from '@lockstep/db';
import { backUp, openBackup, restoreBackup, verifyBackup } from '@lockstep/db/backup';
import { describe, expect, it } from 'vitest';
import { makeGroup } from '../world.ts';
import { ask, bare, clearAfterEach, fillEveryTable, migrated, scratch, sumsOf } from './fixtures.ts';

clearAfterEach();

const version = '0.1.0';

/** A backup of a database with something in every table, and of a few files. */
const made = async () => {
  const url = await migrated();
  await fillEveryTable(url);
  const dataDir = scratch();
  for (const [path, text] of Object.entries(KEPT)) write(join(dataDir, path), text);
  for (const path of ['postgres.json', 'postgres/base/1', 'start.lock', 'logs/web.log', 'auth-secret.new'])
    write(join(dataDir, path), 'not kept');
  const folder = join(scratch(), 'backup');
  const backup = await backUp({ url, dataDir, folder, version });
  return { url, dataDir, folder, backup };
};
const KEPT = { 'auth-secret': 'secret', 'audit-heads.log': 'one\n', 'exports/7/messages.jsonl': '{}\n' };

const write = (path: string, text: string | Buffer) => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
};
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true })
    .map((name) => `${name}`)
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

const indexesOf = (url: string) =>
  ask(url, `select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1`);

/** What a restore does not bring as it was: when the migrations ran, and the generation of the data. */
const withoutOwn = ({ _prisma_migrations, workspace, ...rest }: Record<string, string>) => rest;

describe('a backup', () => {
  it('brings every row of every table, the files and the sequences to an empty place', async () => {
    const { url, folder, backup } = await made();
    const before = await sumsOf(url);
    expect(Object.entries(before).filter(([, sum]) => sum.startsWith('0 '))).toEqual([]);
    const [target, dataDir] = [await bare(), join(scratch(), 'new')];
    await restoreBackup(await openBackup(folder), { url: target, dataDir });
    expect(withoutOwn(await sumsOf(target))).toEqual(withoutOwn(before));
    expect(filesIn(dataDir)).toEqual(Object.keys(KEPT).sort());
    for (const [path, text] of Object.entries(KEPT)) {
      expect(readFileSync(join(dataDir, path), 'utf8')).toBe(text);
      expect(statSync(join(dataDir, path)).mode & 0o777).toBe(0o600);
    }
    expect(await indexesOf(target)).toEqual(await indexesOf(url));
    expect(backup.manifest.tables.map(({ name }) => name)).not.toContain('_prisma_migrations');
    // The next word gets the next number, and the log of the audit is still only added to.
    await ask(target, `insert into search_word (word) values ('next')`);
    expect(await ask(target, `select id::int from search_word where word = 'next'`)).toEqual([{ id: 31 }]);
    await expect(ask(target, 'delete from audit_entry')).rejects.toThrow();
  });

  it('is readable by its owner only, and by sha256sum', async () => {
    const { folder, backup } = await made();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of filesIn(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const sum = createHash('sha256')
      .update(readFileSync(join(folder, 'manifest.json')))
      .digest('hex');
    expect(readFileSync(join(folder, 'manifest.sha256'), 'utf8')).toBe(`${sum}  manifest.json\n`);
    expect(backup.sha256).toBe(sum);
  });

  it('leaves out a table of somebody else in the same schema, and says so', async () => {
    const url = await migrated();
    await ask(url, 'create table socket_io_attachments (id int)');
    const folder = join(scratch(), 'backup');
    const { leftOut } = await backUp({ url, dataDir: scratch(), folder, version });
    expect(leftOut).toEqual(['socket_io_attachments']);
    await restoreBackup(await openBackup(folder), { url: await bare(), dataDir: scratch() });
  });

  it('is of one moment, while others write', { timeout: 60_000 }, async () => {
    const url = await migrated();
    const db = createDb({ connectionString: url, poolSize: 8 });
    try {
      const people = [randomUUID(), randomUUID()];
      const groups = await Promise.all([1, 2, 3].map(() => makeGroup(db, people)));
      let [sent, stop] = [0, false];
      const write = async (conversationId: string) => {
        while (!stop) {
          await db.appender.append({
            conversationId,
            senderId: people[0] as string,
            clientId: randomUUID(),
            body: `message ${sent++}`,
          });
        }
      };
      const writers = groups.flatMap((id) => [write(id), write(id), write(id)]);
      await expect.poll(() => sent).toBeGreaterThan(200);
      const folder = join(scratch(), 'backup');
      const before = sent;
      await backUp({ url, dataDir: scratch(), folder, version });
      const during = sent - before;
      stop = true;
      await Promise.all(writers);
      expect(during).toBeGreaterThan(20);

      const target = await bare();
      await restoreBackup(await openBackup(folder), { url: target, dataDir: scratch() });
      const restored = createDb({ connectionString: target, poolSize: 2 });
      try {
        const { rows: heads } = await restored.pool.query<{ id: string; head: number; count: number }>(
          `select id, head_seq as head, (select count(*)::int from message m where m.conversation_id = c.id) as count
           from conversation c order by id`,
        );
        expect(heads.length).toBe(groups.length);
        for (const { head, count } of heads) expect(count).toBe(head);
        const ranges = heads.map(({ id, head }) => ({
          conversationId: id,
          from: Math.max(1, head - 2_000),
          to: head,
        }));
        const digest = async (of: typeof db) => (await stateDigest(of, people[0] as string, ranges)).ranges;
        const there = await digest(restored);
        expect(there).toEqual(await digest(db));
        expect(new Set(there).size).toBe(groups.length);
        const { rows: ahead } = await db.pool.query<{ n: number }>('select count(*)::int as n from message');
        expect(ahead[0]?.n).toBeGreaterThan(heads.reduce((sum, { count }) => sum + count, 0));
      } finally {
        await restored.close();
      }
    } finally {
      await db.close();
    }
  });

  it('that was stopped, or whose database went away, leaves nothing', async () => {
    const url = await migrated();
    await fillEveryTable(url);
    const parent = scratch();
    const stopping = new AbortController();
    const stopped = backUp({
      ...{ url, dataDir: scratch(), version, folder: join(parent, 'backup'), signal: stopping.signal },
      onRows: () => stopping.abort(),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(readdirSync(parent)).toEqual([]);
    const lost = backUp({
      ...{ url, dataDir: scratch(), version, folder: join(parent, 'backup') },
      onStart: () =>
        void ask(
          url,
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lockstep backup'`,
        ),
    });
    await expect(lost).rejects.toThrow(/terminat|connection/i);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('removes what a killed one has left beside it, and no folder of another', async () => {
    const url = await migrated();
    const parent = scratch();
    for (const name of ['backup.partial-999999', `backup.partial-${process.ppid}`, 'other.partial-999999'])
      mkdirSync(join(parent, name));
    await backUp({ url, dataDir: scratch(), folder: join(parent, 'backup'), version });
    expect(readdirSync(parent).sort()).toEqual([
      'backup',
      `backup.partial-${process.ppid}`,
      'other.partial-999999',
    ]);
  });

  it('is refused where something is already, and inside of what it is of', async () => {
    const { url, dataDir, folder } = await made();
    const other = { url, dataDir, version };
    await expect(backUp({ ...other, folder })).rejects.toThrow(`--to: ${folder} is not empty`);
    await expect(backUp({ ...other, folder: join(dataDir, 'backup') })).rejects.toThrow(
      'is inside of DATA_DIR',
    );
  });
});

describe('a damaged backup', () => {
  it('is named by the file in which one byte differs, and nothing is restored from it', async () => {
    const { folder } = await made();
    const [target, dataDir] = [await bare(), join(scratch(), 'new')];
    const files = filesIn(folder);
    expect(files.length).toBeGreaterThan(29);
    for (const file of files) {
      const whole = readFileSync(join(folder, file));
      const flipped = Buffer.from(whole);
      const at = Math.floor(whole.length / 2);
      flipped[at] = (flipped[at] as number) ^ 1;
      writeFileSync(join(folder, file), flipped);
      const named = file === 'manifest.sha256' ? 'manifest.json' : file;
      const restored = openBackup(folder).then((backup) => restoreBackup(backup, { url: target, dataDir }));
      await expect(restored).rejects.toThrow(
        `${join(folder, named)} is missing, or is not as it was written\n`,
      );
      writeFileSync(join(folder, file), whole);
    }
    expect([await sumsOf(target), existsSync(dataDir)]).toEqual([{}, false]);
    await verifyBackup(folder);
  });

  it('is named by every file that is missing', async () => {
    const { folder } = await made();
    for (const file of ['tables/message.copy.gz', 'files/auth-secret']) rmSync(join(folder, file));
    await expect(verifyBackup(folder)).rejects.toThrow(
      /message.copy.gz is missing.*\n.*auth-secret is missing.*\nThis backup is damaged/,
    );
    rmSync(join(folder, 'manifest.json'));
    await expect(verifyBackup(folder)).rejects.toThrow(`${folder} is no backup (it has no manifest.json)`);
  });
});
