import { isDeepStrictEqual } from 'node:util';
import { fanOut } from '@lockstep/db';
import {
  createEngine,
  createTransport,
  type Engine,
  type EngineOptions,
  systemClock,
  type Timer,
  type Transport,
} from '@lockstep/sync';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Account, signUp, startServer, type TestServer, until } from './server.ts';

/** Real engines over real sockets, HTTP and Postgres; only the pages and the worker are not there. */
let server: TestServer;
const engines: Engine[] = [];

beforeAll(async () => {
  server = await startServer();
});

afterEach(() => {
  for (const engine of engines.splice(0)) engine.stop();
});

afterAll(() => server?.close());

const device = async ({ me, headers }: Account, options: Partial<EngineOptions> = {}): Promise<Engine> => {
  const transport = createTransport({ url: server.url, headers });
  const engine = createEngine({ userId: me.id, transport, ...options });
  engines.push(engine);
  engine.start();
  await until(engine, 'online', () => {
    const { connection, caughtUp } = engine.getState();
    return connection === 'online' && caughtUp;
  });
  return engine;
};

const texts = (engine: Engine, id: string) =>
  (engine.getState().timelines.get(id)?.messages ?? []).filter((m) => !m.system).map((m) => m.body);

const shows = (engine: Engine, id: string, expected: (string | null)[]) =>
  until(
    engine,
    JSON.stringify(expected),
    () => JSON.stringify(texts(engine, id)) === JSON.stringify(expected),
  );

const group = async () => {
  const ann = await signUp(server.url, 'Ann');
  const ben = await signUp(server.url, 'Ben');
  const made = await ann.http.mutate('conversations.createGroup', {
    title: 'Tea',
    userIds: [ben.me.id],
  });
  return { ann, ben, id: made.conversation.id };
};

describe('devices on the real server', () => {
  it('talk both ways, and show the same', async () => {
    const { ann, ben, id } = await group();
    const devices = [await device(ann), await device(ann), await device(ben)] as const;
    const [laptop, phone, other] = devices;
    for (const engine of devices) await engine.open(id);
    laptop.send(id, 'one');
    laptop.send(id, 'two');
    await shows(other, id, ['one', 'two']);
    other.send(id, 'three');
    for (const engine of devices) await shows(engine, id, ['one', 'two', 'three']);
    expect(laptop.getState().outbox).toEqual([]);
    expect(phone.getState().timelines.get(id)).toEqual(other.getState().timelines.get(id));
  });

  it('catch up with messages, edits and recalls missed while away (rule 6)', async () => {
    const { ann, ben, id } = await group();
    const laptop = await device(ann);
    const other = await device(ben);
    await laptop.open(id);
    await other.open(id);
    for (const text of ['one', 'two', 'three']) laptop.send(id, text);
    await shows(other, id, ['one', 'two', 'three']);
    other.suspend();
    expect(other.getState().connection).toBe('offline');
    const seqOf = (text: string) =>
      laptop
        .getState()
        .timelines.get(id)
        ?.messages.find((m) => m.body === text)?.seq ?? 0;
    await shows(laptop, id, ['one', 'two', 'three']);
    await laptop.edit(id, seqOf('one'), 'ONE');
    await laptop.recall(id, seqOf('two'));
    laptop.send(id, 'four');
    await shows(laptop, id, ['ONE', null, 'three', 'four']);
    other.wake();
    await shows(other, id, ['ONE', null, 'three', 'four']);
    expect(other.getState().timelines.get(id)).toEqual(laptop.getState().timelines.get(id));
  });

  it('a conversation that is made shows at once, and reading on one clears the other', async () => {
    const ann = await signUp(server.url, 'Ann');
    const ben = await signUp(server.url, 'Ben');
    const laptop = await device(ann);
    const phone = await device(ann);
    const made = await ben.http.mutate('conversations.createGroup', {
      title: 'Trip',
      userIds: [ann.me.id],
    });
    const { id } = made.conversation;
    await until(phone, 'the conversation', () => phone.getState().inbox.has(id));
    const other = await device(ben);
    other.send(id, 'hello');
    const unread = (engine: Engine) => engine.getState().inbox.get(id)?.unread;
    await until(phone, 'one unread', () => unread(phone) === 1);
    await until(laptop, 'one unread', () => unread(laptop) === 1);
    laptop.markRead(id, laptop.getState().inbox.get(id)?.conversation.headSeq ?? 0);
    expect(unread(laptop)).toBe(0);
    await until(phone, 'read on the other device', () => unread(phone) === 0);
  });

  it('what the server refuses is shown as failed, with its code', async () => {
    const { ann, id } = await group();
    const laptop = await device(ann);
    const clientId = laptop.send(crypto.randomUUID(), 'to nobody');
    const item = () => laptop.getState().outbox.find((held) => held.clientId === clientId);
    await until(laptop, 'failed', () => item()?.state === 'failed');
    expect(item()?.error).toBe('not_found');
    await laptop.edit(id, 9_999, 'nothing there');
    const edit = () => [...laptop.getState().commands.values()].find(({ name }) => name === 'edit');
    await until(laptop, 'failed', () => edit()?.state === 'failed');
    expect(edit()).toMatchObject({ error: 'not_found', args: { body: 'nothing there' } });
  });

  it('a removed member loses the conversation while it is open (rule 10)', async () => {
    const { ann, ben, id } = await group();
    const other = await device(ben);
    await other.open(id);
    await ann.http.mutate('conversations.removeMember', { conversationId: id, userId: ben.me.id });
    const holds = () => [other.getState().inbox.has(id), other.getState().timelines.has(id)];
    await until(other, 'gone', () => !holds().includes(true));
    expect(holds()).toEqual([false, false]);
  });

  it('signing out ends the device, and nothing is tried again', async () => {
    const { ann, id } = await group();
    /** Calls and attempts at a socket, and what waits for its time. */
    const calls: string[] = [];
    const waiting = new Set<Timer>();
    const real = createTransport({ url: server.url, headers: ann.headers });
    const transport = new Proxy(real, {
      get: (target, name: keyof Transport) => {
        const call = target[name] as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          calls.push(name);
          return call.apply(target, args);
        };
      },
    });
    const clock: EngineOptions['clock'] = {
      ...systemClock,
      setTimeout: (run, ms) => {
        const timer = systemClock.setTimeout(() => {
          waiting.delete(timer);
          run();
        }, ms);
        waiting.add(timer);
        return timer;
      },
      clearTimeout: (timer) => {
        waiting.delete(timer);
        systemClock.clearTimeout(timer);
      },
    };
    const laptop = await device(ann, { transport, clock });
    await laptop.open(id);
    expect(calls).toContain('connect');
    await ann.http.mutate('auth.signOut');
    await until(laptop, 'ended', () => laptop.getState().connection === 'ended');
    const before = calls.length;
    laptop.wake();
    laptop.suspend();
    laptop.start();
    laptop.setPersonal(id, { pinned: true });
    laptop.setDraft(id, 'too late');
    laptop.send(id, 'too late');
    laptop.markRead(id, 1);
    // Nothing is called, and what still has a timer calls nothing when its time comes.
    await expect.poll(() => waiting.size).toBe(0);
    expect(calls.slice(before)).toEqual([]);
    expect(laptop.getState().connection).toBe('ended');
  });
});

describe('rule 12: the digest', () => {
  it('of a device is that of the server, of every conversation and of every message it shows', async () => {
    const { ann, ben, id } = await group();
    const laptop = await device(ann);
    const phone = await device(ann);
    const other = await device(ben);
    for (const engine of [laptop, phone, other]) await engine.open(id);
    for (const text of ['one', 'two', `hello <@${ann.me.id}>`]) other.send(id, text);
    await shows(laptop, id, ['one', 'two', `hello <@${ann.me.id}>`]);
    laptop.setPersonal(id, { pinned: true, mutedUntil: 253_402_300_799_999 });
    phone.setDraft(id, 'half a thought');
    laptop.send(id, 'answer');
    const seq = laptop.getState().inbox.get(id)?.conversation.headSeq ?? 0;
    phone.markRead(id, seq - 1);
    phone.setPersonal(id, { markedUnread: true });
    await until(laptop, 'the draft', () => laptop.getState().drafts.get(id)?.text === 'half a thought');
    for (const [engine, account] of [
      [laptop, ann],
      [phone, ann],
      [other, ben],
    ] as const) {
      const transport = createTransport({ url: server.url, headers: account.headers });
      await expect
        .poll(async () => {
          // What the worker does; until then the server has not noted that the sender has read.
          await fanOut(server.backend.core.db, [id], { threshold: 500 });
          const { ranges, ...local } = engine.digest();
          const theirs = await transport.digest(ranges.map(({ digest: _, ...range }) => range));
          const runs = ranges.map((range) => range.digest);
          return isDeepStrictEqual({ ...local, ranges: runs }, theirs) || { local, runs, theirs };
        })
        .toBe(true);
    }
    expect(phone.getState().inbox.get(id)).toMatchObject({ mentions: 0, markedUnread: true });
    expect(laptop.digest().overall).toBe(phone.digest().overall);
  });
});
