import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDb, fanOut } from '@lockstep/db';
import { backUp, openBackup, restoreBackup } from '@lockstep/db/backup';
import { createEngine, createTransport, type Engine } from '@lockstep/sync';
import { MemoryDisk, MemoryStore } from '@lockstep/sync/store/memory';
import { bareDatabase, type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Account, signUp, startWeb, type TestServer, until } from './server.ts';

/** What devices do when the server comes back from a backup: real engines, a real backup, a restore elsewhere. */
let server: TestServer;
let databases: TestDatabase[];
let scratch: string;
const engines: Engine[] = [];

beforeEach(async () => {
  databases = [await testDatabase()];
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-restore-'));
  server = await startWeb(urlOfLast());
});
afterEach(async () => {
  for (const engine of engines.splice(0)) engine.stop();
  await server.close();
  await Promise.all(databases.map((database) => database.drop()));
  rmSync(scratch, { recursive: true, force: true });
});

const urlOfLast = () => (databases.at(-1) as TestDatabase).url;
const folder = () => join(scratch, 'backup');

const makeBackup = () =>
  backUp({ url: urlOfLast(), dataDir: join(scratch, 'data'), folder: folder(), version: '0.1.0' });

/** After `server.close()`: the same address, with the database as the backup has it. */
const restore = async () => {
  databases.push(await bareDatabase());
  await restoreBackup(await openBackup(folder()), { url: urlOfLast(), dataDir: join(scratch, 'new') });
  await reopen();
};

const reopen = async () => {
  server = await startWeb(urlOfLast(), { PORT: new URL(server.url).port });
  // Connections that were kept open to the old one are given up.
  const answers = () =>
    fetch(server.url).then(
      () => true,
      () => false,
    );
  await expect.poll(answers).toBe(true);
};

const device = ({ me, headers }: Account, disk?: MemoryDisk): Engine => {
  const engine = createEngine({
    userId: me.id,
    ...(disk ? { store: new MemoryStore({ userId: me.id, disk, kind: 'disk' }) } : {}),
    transport: createTransport({ url: server.url, headers }),
  });
  engines.push(engine);
  engine.start();
  return engine;
};

const isOnline = (engine: Engine) =>
  until(engine, 'online', () => engine.getState().connection === 'online' && engine.getState().caughtUp);

const texts = (engine: Engine, id: string) =>
  engine
    .getState()
    .timelines.get(id)
    ?.messages.flatMap(({ body }) => body ?? []);

const shows = (engine: Engine, id: string, wanted: string[]) =>
  until(engine, wanted.join(), () => JSON.stringify(texts(engine, id)) === JSON.stringify(wanted));

const say = async ({ http }: Account, conversationId: string, ...bodies: string[]) => {
  for (const body of bodies)
    await http.mutate('messages.send', { conversationId, clientId: crypto.randomUUID(), body });
  await fanOutAll(conversationId);
};

/** There is no worker. */
const fanOutAll = async (conversationId: string) => {
  const db = createDb({ connectionString: urlOfLast(), poolSize: 1 });
  await fanOut(db, [conversationId], { threshold: 500 }).finally(() => db.close());
};

/** Ann with a device that has all of a conversation with Ben. */
const scene = async (disk?: MemoryDisk) => {
  const [ann, ben] = [await signUp(server.url, 'Ann'), await signUp(server.url, 'Ben')];
  const { conversation } = await ann.http.mutate('conversations.createGroup', {
    title: 'Trip',
    userIds: [ben.me.id],
  });
  const { id } = conversation;
  await say(ben, id, 'one', 'two');
  await say(ann, id, 'mine');
  const engine = device(ann, disk);
  await isOnline(engine);
  await engine.open(id);
  await shows(engine, id, ['one', 'two', 'mine']);
  return { ann, ben, id, engine };
};

/** Entries, messages and people are the server's, to the last field. */
const agrees = async (engine: Engine, { http }: Account, id: string) => {
  await fanOutAll(id);
  const { overall, ranges } = engine.digest();
  const asked = ranges.map(({ conversationId, from, to }) => ({ conversationId, from, to }));
  const there = await http.mutate('sync.digest', { ranges: asked });
  expect([overall, ranges.map(({ digest }) => digest)]).toEqual([there.overall, there.ranges]);
  const page = await http.query('messages.before', { conversationId: id });
  expect(engine.getState().timelines.get(id)?.messages).toEqual(page.messages);
  const ids = [...engine.getState().people.keys()];
  const people = await http.query('people.get', { userIds: ids });
  for (const person of people)
    expect(engine.getState().people.get(person.id)).toMatchObject({ name: person.name, rev: person.rev });
};

describe('after a restore, a device that had seen more', () => {
  it('drops what the server lost, also where new numbers have overtaken its own (rule 8)', async () => {
    const disk = new MemoryDisk();
    const { ann, ben, id, engine } = await scene(disk);
    const { conversation: quiet } = await ann.http.mutate('conversations.createGroup', {
      title: 'Quiet',
      userIds: [ben.me.id],
    });
    await makeBackup();
    // Nothing happens in it after the restore, so its entry comes with a lower number than it had.
    await ann.http.mutate('sync.personal', { conversationId: quiet.id, pinned: true });
    await say(ben, id, 'lost', 'lost too');
    await ben.http.mutate('me.rename', { name: 'Benjamin the Lost' });
    const { conversation: gone } = await ben.http.mutate('conversations.createGroup', {
      title: 'Lost',
      userIds: [ann.me.id],
    });
    await shows(engine, id, ['one', 'two', 'mine', 'lost', 'lost too']);
    await until(engine, 'the pin', () => !!engine.getState().inbox.get(quiet.id)?.pinnedAt);
    await until(engine, 'the new group', () => engine.getState().inbox.has(gone.id));
    await until(engine, 'the new name', () =>
      [...engine.getState().people.values()].some(({ name }) => name.includes('Lost')),
    );
    await engine.flush();
    engine.suspend();
    await server.close();
    await restore();
    const after = ['three', 'four', 'five', 'six', 'seven'];
    for (const text of after) await say(ben, id, text);
    for (const name of ['Anna', 'Anne', 'Annie']) await ann.http.mutate('me.rename', { name });
    engine.wake();
    await shows(engine, id, ['one', 'two', 'mine', ...after]);
    await until(engine, 'the name as it was', () => engine.getState().people.get(ben.me.id)?.name === 'Ben');
    expect(engine.getState().inbox.has(gone.id)).toBe(false);
    await agrees(engine, ann, id);
    await engine.flush();
    expect(new Set(disk.entries.keys())).toEqual(new Set([id, quiet.id]));
    expect(disk.entries.get(quiet.id)?.pinnedAt).toBeNull();
    expect(disk.people.get(ben.me.id)?.name).toBe('Ben');
  });

  it('drops it from its disk as well, and sends what was not sent', async () => {
    const disk = new MemoryDisk();
    const { ann, ben, id, engine } = await scene(disk);
    await makeBackup();
    await say(ben, id, 'lost');
    await say(ann, id, 'mine, and lost');
    await shows(engine, id, ['one', 'two', 'mine', 'lost', 'mine, and lost']);
    const seq = engine.getState().timelines.get(id)?.messages.at(-1)?.seq as number;
    await server.close();
    engine.send(id, 'written offline');
    void engine.edit(id, seq, 'an edit of what is lost', null);
    void engine.edit(id, seq - 2, 'mine, edited offline', null);
    engine.setDraft(id, 'half a thought');
    await engine.flush();
    engine.stop();

    await restore();
    // Of the same person, at the place of the message that is lost.
    await say(ben, id, 'three');
    await say(ann, id, 'four');
    await say(ben, id, 'five', 'six');
    const again = device(ann, disk);
    await isOnline(again);
    await again.open(id);
    await shows(again, id, [
      'one',
      'two',
      'mine, edited offline',
      'three',
      'four',
      'five',
      'six',
      'written offline',
    ]);
    const refused = () => [...again.getState().commands.values()].filter(({ state }) => state === 'failed');
    await until(again, 'the edit is refused', () => refused().length === 1);
    expect(refused()[0]).toMatchObject({ name: 'edit', error: 'not_found' });
    expect(again.getState().drafts.get(id)?.text ?? again.getState().inbox.get(id)?.draft?.text).toBe(
      'half a thought',
    );
    await until(again, 'all is sent', () => again.getState().commands.size === 1);
    await agrees(again, ann, id);
    await again.flush();
    again.stop();

    expect(JSON.stringify([...(disk.messages.get(id)?.values() ?? [])])).not.toContain('lost');
    const offline = device(ann, disk);
    await offline.open(id);
    expect(texts(offline, id)?.slice(0, 3)).toEqual(['one', 'two', 'mine, edited offline']);
  });

  it('keeps everything where nothing was restored: a restart is no reset', async () => {
    const { ben, id, engine } = await scene();
    const before = engine.getState().timelines.get(id)?.messages[0];
    await server.close();
    await reopen();
    await say(ben, id, 'three');
    engine.wake();
    await shows(engine, id, ['one', 'two', 'mine', 'three']);
    expect(engine.getState().timelines.get(id)?.messages[0]).toBe(before);
  });
});
