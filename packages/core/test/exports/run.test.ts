import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actions, queries } from '@lockstep/core';
import { type ExportLine, exportFolder, type Manifest, workExports } from '@lockstep/core/exports';
import { appendHistory, exportById, verifyAudit } from '@lockstep/db';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const device = { ipAddress: '10.1.2.3', userAgent: null };

let world: World;
let dataDir: string;
let admin: TestPerson;
let ann: TestPerson;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lockstep-export-run-'));
  world = await makeWorld({ DATA_DIR: dataDir });
  admin = await world.person('Admin', { role: 'admin' });
  ann = await world.person('Ann');
});
afterAll(async () => {
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A group of Ann's with messages that have these times, in ms since 1970. */
const groupWith = async (times: number[]) => {
  const { conversation } = await actions.createGroup(ann.actor, world.core, { title: 'Trip', userIds: [] });
  const rows = times.map((at, n) => ({
    senderId: ann.id,
    clientId: crypto.randomUUID(),
    body: `message ${n}`,
    system: null,
    createdAt: new Date(at),
  }));
  await appendHistory(world.core.db, conversation.id, rows);
  return conversation.id;
};
const ask = async (conversationId: string, range: { from?: number; to?: number } = {}) => {
  const { id } = await actions.createExport(admin.actor, world.core, device, {
    reason: 'a complaint',
    text: `in:<#${conversationId}>`,
    state: 'all',
    from: range.from ?? null,
    to: range.to ?? null,
    timeZone: 'UTC',
  });
  return id;
};
const log = { info: () => {}, warn: () => {}, error: () => {} };
const work = (signal?: AbortSignal) =>
  workExports({
    db: world.core.db,
    searcher: world.core.search,
    dataDir,
    log,
    ...(signal ? { signal } : {}),
  });
const jobOf = async (id: string) => {
  const job = await exportById(world.core.db, id);
  if (!job) throw new Error('no export');
  return job;
};
const linesOf = (id: string): ExportLine[] =>
  readFileSync(join(exportFolder(dataDir, id), 'messages.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('what is in an export', () => {
  test('a mention has the name and the id, in every version and format, and code its indentation', async () => {
    const bea = await world.person('Bea "<b>"');
    const gone = await world.person('Gone');
    const { conversation } = await actions.createGroup(ann.actor, world.core, {
      title: 'Names',
      userIds: [bea.id, gone.id],
    });
    const conversationId = conversation.id;
    const unknown = crypto.randomUUID();
    const send = (body: string) =>
      actions.sendMessage(ann.actor, world.core, { conversationId, clientId: crypto.randomUUID(), body });
    const { seq } = await send(`first <@${gone.id}>`);
    await actions.editMessage(ann.actor, world.core, {
      conversationId,
      seq,
      body: `<@${bea.id}> and <@${ann.id}>, <@${unknown}> and \\<@${bea.id}>`,
    });
    await send('```\nif (a) {\n  b();\n\tc();\n}\n```');
    await world.core.db.pool.query('update "user" set deactivated_at = now() where id = $1', [gone.id]);
    const id = await ask(conversationId);
    await work();

    const [edited, code] = linesOf(id);
    const now = `@Bea "<b>" (${bea.id}) and @Ann (${ann.id}), @unknown (${unknown}) and <@${bea.id}>`;
    expect(edited).toMatchObject({ text: now, earlier: [{ text: `first @Gone (${gone.id})` }] });
    expect(code?.text).toContain('\n  b();\n\tc();');
    const file = (name: string) => readFileSync(join(exportFolder(dataDir, id), name), 'utf8');
    expect(file('messages.csv')).toContain(now.replaceAll('"', '""'));
    expect(file('messages.csv')).toContain(`first @Gone (${gone.id})`);
    const html = file('messages.html');
    expect(html).toContain(`@Bea &quot;&lt;b&gt;&quot; (${bea.id}) and @Ann (${ann.id})`);
    expect(html).toContain('<br>  b();<br>\tc();');
    expect(html).toContain('div{white-space:pre-wrap');
  });

  test('what was sent before it was asked for, and nothing after', async () => {
    const later = Date.now() + 3_600_000;
    const conversationId = await groupWith([1_000, 2_000, later]);
    const id = await ask(conversationId);
    await work();
    expect(linesOf(id).map(({ sentAt }) => Date.parse(sentAt))).toEqual([1_000, 2_000]);
    expect(await jobOf(id)).toMatchObject({ status: 'done', done: 2, total: 2 });
    // Also where the end that was asked for lies ahead.
    const ahead = await ask(conversationId, { to: later + 1 });
    await work();
    expect(linesOf(ahead)).toHaveLength(2);
  });

  test('a sender has the name of that time, also in the title of a direct conversation', async () => {
    const ben = await world.person('Ben');
    const { conversation } = await actions.openDirect(ben.actor, world.core, { userId: ann.id });
    const say = (body: string) =>
      actions.sendMessage(ben.actor, world.core, {
        ...{ conversationId: conversation.id, clientId: crypto.randomUUID(), body },
      });
    await say('first');
    for (const name of ['Benno', 'Benjamin']) {
      await actions.renameMe(ben.actor, world.core, device, { name });
      await say(`as ${name}`);
    }
    const id = await ask(conversation.id);
    await work();
    const titles = new Map(
      linesOf(id).map(({ text, sender, conversation: title }) => [text, { sender, title }]),
    );
    for (const [text, name] of [
      ['first', 'Ben'],
      ['as Benno', 'Benno'],
      ['as Benjamin', 'Benjamin'],
    ] as const) {
      expect(titles.get(text)?.sender).toBe(name);
      expect(titles.get(text)?.title.split(' & ').sort()).toEqual(['Ann', name]);
    }
  });

  test('from its beginning on, and before its end', async () => {
    const id = await ask(await groupWith([1_000, 2_000, 3_000, 4_000]), { from: 2_000, to: 4_000 });
    await work();
    expect(linesOf(id).map(({ sentAt }) => Date.parse(sentAt))).toEqual([2_000, 3_000]);
  });

  test('several parts, oldest first, each message once', async () => {
    const times = Array.from({ length: 401 }, (_, n) => 1_000 * (n + 1));
    const id = await ask(await groupWith(times));
    await work();
    expect(linesOf(id).map(({ sentAt }) => Date.parse(sentAt))).toEqual(times);
    expect(await jobOf(id)).toMatchObject({ status: 'done', done: 401, total: 401, parts: 3 });
    expect(readdirSync(exportFolder(dataDir, id))).not.toContain('parts');
  });

  test('all of it, each message once, where the folder was lost between two parts', async () => {
    const times = Array.from({ length: 300 }, (_, n) => 1_000 * (n + 1));
    const id = await ask(await groupWith(times));
    let asked = 0;
    const afterOnePart = {
      get aborted() {
        asked++;
        return asked > 2;
      },
    } as AbortSignal;
    await work(afterOnePart);
    expect(await jobOf(id)).toMatchObject({ status: 'running', parts: 1, done: 200 });
    rmSync(exportFolder(dataDir, id), { recursive: true });
    await work();
    expect(linesOf(id).map(({ sentAt }) => Date.parse(sentAt))).toEqual(times);
    expect(await jobOf(id)).toMatchObject({ status: 'done', parts: 2, done: 300, total: 300 });
  });
});

test('each file is listed with its own size and hash, and the audit log has that of the manifest', async () => {
  const id = await ask(await groupWith([1_000, 2_000]));
  await work();
  const { files, expiresAt } = await jobOf(id);
  const folder = exportFolder(dataDir, id);
  expect(files.map(({ name }) => name).sort()).toEqual(readdirSync(folder).sort());
  const sha256 = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  for (const { name, bytes, sha256: reported } of files)
    expect([name, bytes, reported]).toEqual([name, statSync(join(folder, name)).size, sha256(name)]);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  expect(manifest).toMatchObject({
    exportId: id,
    createdBy: { id: admin.id, name: 'Admin' },
    reason: 'a complaint',
    messages: 2,
  });
  for (const { name, bytes, sha256: reported, lines, linesSha256 } of manifest.files) {
    expect([name, bytes, reported]).toEqual([name, statSync(join(folder, name)).size, sha256(name)]);
    expect(linesSha256).toBe(sha256(`${name}.lines`));
    expect(readFileSync(join(folder, `${name}.lines`), 'utf8').split('\n')).toHaveLength(lines + 1);
  }
  const { rows } = await world.core.db.pool.query<{ asked: unknown; answered: number }>(
    `select asked, answered from audit_entry where asked->>'exportId' = $1 order by n`,
    [id],
  );
  expect(rows).toMatchObject([
    { asked: { exportId: id }, answered: 0 },
    { asked: { exportId: id, written: true, manifest: sha256('manifest.json') }, answered: 2 },
  ]);
  expect((await verifyAudit(world.core.db)).faults).toEqual([]);
  // Others of this machine cannot read it.
  for (const name of ['.', ...readdirSync(folder)])
    expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
  expect(Math.round(((expiresAt ?? 0) - Date.now()) / 86_400_000)).toBe(7);
});

test('its manifest has the head that the audit log had, and verify looks for it there; its row is kept as a head too', async () => {
  const id = await ask(await groupWith([1_000]));
  await work();
  const path = join(exportFolder(dataDir, id), 'manifest.json');
  const text = readFileSync(path, 'utf8');
  const { audit } = JSON.parse(text) as Manifest;
  const { rows } = await world.core.db.pool.query<{ n: string; hash: string; previous: string }>(
    `select n, hash, previous from audit_entry where asked->>'exportId' = $1 and asked ? 'written'`,
    [id],
  );
  const [written] = rows;
  // The manifest was written right before the row that says so.
  expect(audit).toEqual({ n: Number(written?.n) - 1, hash: written?.previous });
  const kept = () => readFileSync(join(dataDir, 'audit-heads.log'), 'utf8');
  await expect.poll(kept).toContain(` ${written?.n}:${written?.hash}\n`);

  const verify = async (head?: Manifest['audit']) => {
    const {
      faults,
      kept: found,
      witnesses,
    } = await queries.verifyAudit(admin.actor, world.core, { kept: head });
    return { faults, found, lost: witnesses.lost };
  };
  expect(await verify(audit)).toEqual({ faults: [], found: true, lost: [] });
  // As a manifest is from before somebody has made the chain anew.
  const other = { ...audit, hash: 'a'.repeat(64) };
  writeFileSync(path, text.replace(audit.hash, other.hash));
  expect(await verify(other)).toEqual({ faults: [], found: false, lost: [audit.n] });
  writeFileSync(path, text);
});

describe('an export that is cancelled while it is worked on', () => {
  /** Cancels in the moment in which the checkpoint reaches this part, as another process may. */
  const cancelAt = async (part: number) => {
    await world.core.db.pool.query(
      `create or replace function cancel_it() returns trigger language plpgsql as $$
       begin
         update history_export set status = 'cancelled' where id = new.id;
         return null;
       end $$;
       create or replace trigger cancel_it after update on history_export for each row
         when (new.parts = ${part} and new.status = 'running') execute function cancel_it()`,
    );
  };
  const never = () => world.core.db.pool.query('drop trigger if exists cancel_it on history_export');

  test.each([
    ['between two parts', 1],
    ['after the last part', 2],
  ])('%s: leaves no file', async (_, part) => {
    const id = await ask(await groupWith(Array.from({ length: 300 }, (__, n) => 1_000 * (n + 1))));
    await cancelAt(part);
    await work();
    await never();
    expect(await jobOf(id)).toMatchObject({ status: 'cancelled', parts: part, files: [] });
    expect(existsSync(exportFolder(dataDir, id))).toBe(false);
    await work();
    expect(existsSync(exportFolder(dataDir, id))).toBe(false);
  });

  test('by the action: what was written goes, and it is not taken up again', async () => {
    const id = await ask(await groupWith([1_000]));
    const stop = new AbortController();
    stop.abort();
    await work(stop.signal);
    expect((await jobOf(id)).status).toBe('waiting');
    mkdirSync(join(exportFolder(dataDir, id), 'parts'), { recursive: true });
    await actions.cancelExport(admin.actor, world.core, device, { exportId: id });
    expect(existsSync(exportFolder(dataDir, id))).toBe(false);
    await work();
    expect(await jobOf(id)).toMatchObject({ status: 'cancelled', files: [] });
    expect(existsSync(exportFolder(dataDir, id))).toBe(false);
    const cancel = (exportId: string) => actions.cancelExport(admin.actor, world.core, device, { exportId });
    await expect(cancel(id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(cancel(crypto.randomUUID())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a file of an export', () => {
  let exportId: string;
  beforeAll(async () => {
    exportId = await ask(await groupWith([1_000]));
    await work();
  });
  const file = 'messages.csv';
  const open = (actor = admin.actor, name = file, id = exportId) =>
    actions.openExportFile(actor, world.core, { exportId: id, file: name });
  const download = (actor = admin.actor, name = file, id = exportId) =>
    actions.downloadExport(actor, world.core, device, { exportId: id, file: name, reason: 'to read it' });

  test('is given only to the session that has said so in the audit log, for this file, and for a minute', async () => {
    expect(await open()).toBeNull();
    expect(await download()).toEqual({ path: `/api/admin/exports/${exportId}/${file}` });
    const { rows } = await world.core.db.pool.query(
      'select actor_id, action, reason, asked from audit_entry order by n desc limit 1',
    );
    expect(rows[0]).toEqual({
      actor_id: admin.id,
      action: 'download',
      reason: 'to read it',
      asked: { exportId, file },
    });
    const path = await open();
    expect(path).toBe(join(exportFolder(dataDir, exportId), file));
    expect(await open(admin.actor, 'messages.html')).toBeNull();
    const other = await ask(await groupWith([1_000]));
    await work();
    expect(await open(admin.actor, file, other)).toBeNull();
    const { sessionId } = await world.device(admin);
    expect(await open({ ...admin.actor, sessionId })).toBeNull();
    // No longer an admin, in the same session.
    expect(await open({ ...admin.actor, role: 'member' })).toBeNull();
    await world.core.db.pool.query('alter table audit_entry disable trigger all');
    await world.core.db.pool.query(
      `update audit_entry set at = now() - interval '61 seconds' where action = 'download'`,
    );
    await world.core.db.pool.query('alter table audit_entry enable trigger all');
    expect(await open()).toBeNull();
  });

  test('is not there under another name, nor once its export has ended', async () => {
    const refused = { code: 'not_found' };
    for (const name of ['parts', '../auth-secret', 'nothing.csv', ''])
      await expect(download(admin.actor, name)).rejects.toMatchObject(refused);
    await expect(download(admin.actor, file, crypto.randomUUID())).rejects.toMatchObject(refused);
    await expect(download(ann.actor)).rejects.toMatchObject({ code: 'forbidden' });
    await download();
    await world.core.db.pool.query(
      `update history_export set expires_at = now() - interval '1 second' where id = $1`,
      [exportId],
    );
    await work();
    expect(await jobOf(exportId)).toMatchObject({ status: 'expired', files: [] });
    expect(existsSync(exportFolder(dataDir, exportId))).toBe(false);
    expect(await open()).toBeNull();
    await expect(download()).rejects.toMatchObject(refused);
  });
});

describe('the list of exports', () => {
  test('is for admins, the newest first, without what only the worker needs', async () => {
    const [first, second] = [await ask(await groupWith([])), await ask(await groupWith([]))];
    const list = await actions.listExports(admin.actor, world.core);
    expect(list.slice(0, 2).map(({ id }) => id)).toEqual([second, first]);
    expect(Object.keys(list[0] ?? {})).not.toContain('cursor');
    await expect(actions.listExports(ann.actor, world.core)).rejects.toMatchObject({ code: 'forbidden' });
    await actions.cancelExport(admin.actor, world.core, device, { exportId: first });
    await actions.cancelExport(admin.actor, world.core, device, { exportId: second });
  });

  test('one that has failed is tried again, one that has not is not', async () => {
    const retry = (exportId: string, actor = admin.actor) =>
      actions.retryExport(actor, world.core, device, { exportId });
    const id = await ask(await groupWith([1_000]));
    await expect(retry(id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(retry(crypto.randomUUID())).rejects.toMatchObject({ code: 'not_found' });
    await expect(retry(id, ann.actor)).rejects.toMatchObject({ code: 'forbidden' });
    await world.core.db.pool.query(
      `update history_export set status = 'failed', tries = 10, error = 'ENOSPC', expires_at = now() + interval '1 day'
       where id = $1`,
      [id],
    );
    await retry(id);
    expect(await jobOf(id)).toMatchObject({ status: 'waiting', error: null, expiresAt: null });
    await work();
    expect(await jobOf(id)).toMatchObject({ status: 'done', done: 1 });
  });
});
