import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { editing, recalling } from '@lockstep/core';
import { type ExportLine, exportFolder, verifyExport } from '@lockstep/core/exports';
import { changeMessage, exportById, insertExport, retryExport, verifyAudit } from '@lockstep/db';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdAtPart } from './hold-export.ts';
import { end, makeGroup, makeWorld, send } from './world.ts';

describe('an export', () => {
  let database: TestDatabase;
  let world: ReturnType<typeof makeWorld>;
  let dataDir: string;
  const id = randomUUID();
  const COUNT = 3_000;
  beforeAll(async () => {
    database = await testDatabase();
    world = makeWorld({ databaseUrl: database.url });
    dataDir = mkdtempSync(join(tmpdir(), 'lockstep-exports-'));
  });
  afterAll(async () => {
    await world.close();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const job = async () => {
    const found = await exportById(world.db, id);
    if (!found) throw new Error('no export');
    return found;
  };
  const folder = () => exportFolder(dataDir, id);
  const linesOf = (file: string) => readFileSync(join(folder(), file), 'utf8').split('\n').slice(0, -1);

  it('goes on where a killed worker stopped, with no line twice and none lost', async () => {
    const group = await makeGroup(world.db, 2);
    const [actorId = ''] = group.people;
    await send(world, group, COUNT);
    const target = { conversationId: group.id, actorId };
    const formula = '=1+1 <script>alert(1)</script>';
    await changeMessage(world.db, { ...target, seq: 10 }, editing(actorId, formula));
    await changeMessage(world.db, { ...target, seq: 11 }, recalling(actorId));
    const query = { text: '', state: 'all' as const, from: null, to: null, timeZone: 'UTC' };
    await insertExport(world.db, { id, createdBy: actorId, reason: 'a complaint', query });
    const first = await holdAtPart(world.db, 3, () => world.startWorker({ DATA_DIR: dataDir }));
    await end(first.worker, 'SIGKILL');
    await first.release();
    // The third part is written, and its checkpoint is not.
    expect(existsSync(join(folder(), 'parts', '000003.ndjson'))).toBe(true);
    expect(await job()).toMatchObject({ status: 'running', parts: 2, done: 400 });
    const second = world.startWorker({ DATA_DIR: dataDir });
    await expect.poll(async () => (await job()).status, { timeout: 30_000, interval: 20 }).toBe('done');
    await end(second, 'SIGTERM');
    const lines = linesOf('messages.ndjson').map((line) => JSON.parse(line) as ExportLine);
    // The group begins with a system message.
    expect(lines.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: COUNT }, (_, i) => i + 2),
    );
    expect(lines.find(({ seq }) => seq === 10)?.earlier).toMatchObject([{ version: 1 }]);
    expect(lines.find(({ seq }) => seq === 11)).toMatchObject({
      text: expect.stringMatching(/^message /),
      earlier: [],
    });
    expect(await job()).toMatchObject({ done: COUNT, error: null });
    const report = await verifyExport(folder());
    expect(report).toMatchObject({
      problems: [],
      faults: [],
      manifest: { messages: COUNT, reason: 'a complaint' },
    });
    const { rows } = await world.db.pool.query<{ asked: unknown }>('select asked from audit_entry');
    expect(rows.at(-1)?.asked).toMatchObject({
      exportId: id,
      written: true,
      manifest: report.manifestSha256,
    });
    expect((await verifyAudit(world.db)).faults).toEqual([]);
  });

  it('is safe to open: no formula in CSV, no markup in HTML', () => {
    expect(linesOf('messages.csv').filter((line) => line.includes("'=1+1"))).toHaveLength(1);
    expect(linesOf('messages.csv').some((line) => /(^|,)"?=/.test(line))).toBe(false);
    expect(linesOf('messages.html').some((line) => line.includes('&lt;script&gt;'))).toBe(true);
    expect(linesOf('messages.html').some((line) => line.includes('<script>'))).toBe(false);
  });

  for (const file of ['messages.ndjson', 'messages.csv', 'messages.html'])
    it(`names each line of ${file} that was changed, removed or added`, async () => {
      const copy = join(dataDir, `copy-${file}`);
      cpSync(folder(), copy, { recursive: true });
      const original = linesOf(file);
      const check = async (lines: string[]) => {
        writeFileSync(join(copy, file), lines.map((line) => `${line}\n`).join(''));
        return (await verifyExport(copy)).faults;
      };
      expect(await check(original)).toEqual([]);
      expect(await check(original.with(41, `${original[41]} `))).toEqual([
        { file, kind: 'changed', line: 42 },
      ]);
      expect(await check(original.toSpliced(99, 1))).toEqual([{ file, kind: 'removed', line: 100 }]);
      expect(await check(original.toSpliced(99, 0, 'new'))).toEqual([{ file, kind: 'added', line: 100 }]);
      expect(await check(original.toSpliced(500, 1).with(20, 'x').toSpliced(1_000, 0, 'new'))).toEqual([
        { file, kind: 'changed', line: 21 },
        { file, kind: 'removed', line: 501 },
        { file, kind: 'added', line: 1_001 },
      ]);
      writeFileSync(join(copy, file), original.map((line) => `${line}\n`).join(''));
      appendFileSync(join(copy, `${file}.lines`), 'x\n');
      expect((await verifyExport(copy)).problems).toEqual([`${file}.lines was changed`]);
      rmSync(join(copy, file));
      expect((await verifyExport(copy)).problems).toEqual([`${file} is missing`]);
    });

  describe('that meets an error', () => {
    const other = randomUUID();
    const one = async () => {
      const found = await exportById(world.db, other);
      if (!found) throw new Error('no export');
      return found;
    };
    const parts = () => join(exportFolder(dataDir, other), 'parts');
    /** Where the first part is written to: a disk that is always full. */
    const full = () => join(parts(), '000001.ndjson.unfinished');
    /** Lets it be tried now, as if its time had come. */
    const due = () =>
      world.db.pool.query(
        'update history_export set retry_at = now() where id = $1 and retry_at is not null',
        [other],
      );

    it('says why, goes on by itself once the cause is gone, and loses nothing', async () => {
      const group = await makeGroup(world.db, 2);
      await send(world, group, 30);
      mkdirSync(parts(), { recursive: true });
      symlinkSync('/dev/full', full());
      const query = {
        text: `in:<#${group.id}>`,
        state: 'all' as const,
        from: null,
        to: null,
        timeZone: 'UTC',
      };
      await insertExport(world.db, { id: other, createdBy: group.people[0] ?? '', reason: 'x', query });
      const worker = world.startWorker({ DATA_DIR: dataDir, LOG_LEVEL: 'fatal' });
      await expect.poll(one, { timeout: 30_000 }).toMatchObject({
        status: 'waiting',
        error: expect.stringContaining('ENOSPC'),
        retryAt: expect.any(Number),
      });
      rmSync(full());
      // A query that Postgres refuses.
      await world.db.pool.query('alter table message_version rename to gone');
      await due();
      await expect
        .poll(one, { timeout: 30_000 })
        .toMatchObject({ error: expect.stringMatching(/^42P01: .*message_version/) });
      await world.db.pool.query('alter table gone rename to message_version');
      await due();
      await expect.poll(one, { timeout: 30_000 }).toMatchObject({ status: 'done', done: 30, error: null });
      expect(await verifyExport(exportFolder(dataDir, other))).toMatchObject({ problems: [], faults: [] });
      await end(worker, 'SIGTERM');
    });

    it('begins again where its folder was lost', async () => {
      await world.db.pool.query(
        `update history_export set status = 'waiting', cursor = null, parts = 1, done = 30 where id = $1`,
        [other],
      );
      rmSync(exportFolder(dataDir, other), { recursive: true });
      const worker = world.startWorker({ DATA_DIR: dataDir, LOG_LEVEL: 'fatal' });
      await expect.poll(one, { timeout: 30_000 }).toMatchObject({ status: 'done', done: 30, error: null });
      expect(await verifyExport(exportFolder(dataDir, other))).toMatchObject({ problems: [], faults: [] });
      await end(worker, 'SIGTERM');
    });

    it('fails after ten failures in a row, and continues on request', async () => {
      await world.db.pool.query(
        `update history_export set status = 'waiting', cursor = null, parts = 0, done = 0, tries = 0 where id = $1`,
        [other],
      );
      mkdirSync(parts(), { recursive: true });
      symlinkSync('/dev/full', full());
      const worker = world.startWorker({ DATA_DIR: dataDir, LOG_LEVEL: 'fatal' });
      const tries: number[] = [];
      await expect
        .poll(
          async () => {
            const { rows } = await world.db.pool.query<{ tries: number }>(
              'select tries from history_export where id = $1',
              [other],
            );
            if (tries.at(-1) !== rows[0]?.tries) tries.push(rows[0]?.tries ?? 0);
            await due();
            return (await one()).status;
          },
          { timeout: 60_000, interval: 20 },
        )
        .toBe('failed');
      expect(tries.at(-1)).toBeLessThanOrEqual(10);
      expect(await one()).toMatchObject({ error: expect.stringContaining('ENOSPC'), retryAt: null });
      rmSync(full());
      expect(await retryExport(world.db, other)).toBe(true);
      await expect.poll(one, { timeout: 30_000 }).toMatchObject({ status: 'done', done: 30, error: null });
      await end(worker, 'SIGTERM');
    });
  });

  it('is deleted once its time is over', async () => {
    await world.db.pool.query(
      `update history_export set expires_at = now() - interval '1 second' where id = $1`,
      [id],
    );
    const worker = world.startWorker({ DATA_DIR: dataDir });
    await expect.poll(async () => (await job()).status, { timeout: 30_000, interval: 20 }).toBe('expired');
    await expect.poll(() => existsSync(folder()), { interval: 20 }).toBe(false);
    await end(worker, 'SIGTERM');
  });
});
