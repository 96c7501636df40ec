import { changeMessage, fanOut } from '@lockstep/db';
import { isFullyKnown, stateOf } from '@lockstep/protocol';
import {
  changesOf,
  createEngine,
  createTransport,
  type Engine,
  type Transport,
  withChanges,
} from '@lockstep/sync';
import { DiskStore } from '@lockstep/sync/store/disk';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Account, signUp, startServer, type TestServer, until } from './server.ts';

// Content and annotations that this version does not know: what a newer server tells, and what a newer tab sends.

let server: TestServer;
const engines: Engine[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterEach(() => {
  for (const engine of engines.splice(0)) engine.stop();
});
afterAll(() => server?.close());

type Disk = { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange };

const start = (account: Account, idb: Disk, url = server.url, change: Partial<Transport> = {}): Engine => {
  const engine = createEngine({
    userId: account.me.id,
    transport: { ...createTransport({ url, headers: account.headers }), ...change },
    store: new DiskStore({ userId: account.me.id, idb }),
  });
  engines.push(engine);
  engine.start();
  return engine;
};

const online = (engine: Engine) =>
  until(engine, 'online', () => engine.getState().connection === 'online' && engine.getState().caughtUp);

const scene = async () => {
  const [ann, ben] = [await signUp(server.url, 'Ann'), await signUp(server.url, 'Ben')];
  const made = await ann.http.mutate('conversations.createGroup', { title: 'Tea', userIds: [ben.me.id] });
  const idb: Disk = { indexedDB: new IDBFactory(), IDBKeyRange };
  const engine = start(ann, idb);
  await online(engine);
  const { id } = made.conversation;
  await engine.open(id);
  return { ann, ben, id, idb, engine };
};

const held = (engine: Engine, id: string, body: string) =>
  engine
    .getState()
    .timelines.get(id)
    ?.messages.find((message) => message.body === body);

const restart = async (
  engine: Engine,
  account: Account,
  idb: Disk,
  url?: string,
  change?: Partial<Transport>,
): Promise<Engine> => {
  await engine.flush();
  engine.stop();
  const again = start(account, idb, url, change);
  await until(again, 'loaded', () => again.getState().loaded);
  return again;
};

const agrees = async (engine: Engine, account: Account) => {
  const { ranges, ...own } = engine.digest();
  const asked = ranges.map(({ digest: _, ...range }) => range);
  const its = await account.http.mutate('sync.digest', { ranges: asked });
  expect({ ...own, ranges: ranges.map(({ digest }) => digest) }).toEqual(its);
};

describe('what a newer server tells', () => {
  it('is kept through a pull and a reload, in the digest too, and never taken for a recall (rule 12)', async () => {
    const { ann, ben, id, idb, engine } = await scene();
    const { db } = server.backend.core;
    const content = { hologram: { z: [1, { b: 2, a: 'x' }], a: null } };
    const said = { conversationId: id, senderId: ben.me.id, clientId: crypto.randomUUID(), body: 'look' };
    const { message } = await db.appender.append({ ...said, content });
    const target = { conversationId: id, seq: message.seq, actorId: ben.me.id };
    const annotated = await changeMessage(db, target, () => ({ annotate: { aura: ['blue'] } }));
    await fanOut(db, [id], { threshold: 500 });
    // The push of the message itself is lost, so there is a gap, and what was missed is pulled.
    server.backend.core.publish.changes({ conversationId: id, messages: [annotated.message] });
    await until(engine, 'pulled', () => held(engine, id, 'look')?.annotations !== undefined);

    const expected = { content, annotations: { aura: ['blue'] }, textRev: message.rev, editedAt: null };
    const check = (device: Engine) => {
      const one = held(device, id, 'look');
      expect(one).toMatchObject(expected);
      expect(one && [isFullyKnown(one), stateOf(one)]).toEqual([false, 'live']);
    };
    check(engine);
    await agrees(engine, ann);

    // From the disk alone: nobody answers there.
    const offline = await restart(engine, ann, idb, 'http://127.0.0.1:9');
    await offline.open(id);
    await until(offline, 'shown', () => held(offline, id, 'look') !== undefined);
    check(offline);

    const back = await restart(offline, ann, idb);
    await online(back);
    await back.open(id);
    check(back);
    await agrees(back, ann);
  });

  it('does not go with an edit by a version that knows nothing of it', async () => {
    const { ann, id, engine } = await scene();
    const { db } = server.backend.core;
    const said = { conversationId: id, senderId: ann.me.id, clientId: crypto.randomUUID(), body: 'helo' };
    const { message } = await db.appender.append({ ...said, content: { hologram: 1 } });
    server.backend.core.publish.changes({ conversationId: id, messages: [message] });
    await until(engine, 'pushed', () => held(engine, id, 'helo') !== undefined);
    await engine.edit(id, message.seq, 'hello');
    expect(held(engine, id, 'helo')?.content).toEqual({ hologram: 1 });
    await until(engine, 'edited', () => Boolean(held(engine, id, 'hello')?.editedAt));
    expect(held(engine, id, 'hello')?.content).toEqual({ hologram: 1 });
  });
});

describe('an annotation by this device', () => {
  it('is shown at once, survives a reload offline, and of two of the same state only the last goes out (rule 13)', async () => {
    const { ann, id, idb, engine } = await scene();
    engine.send(id, 'tea?');
    await until(engine, 'sent', () => held(engine, id, 'tea?') !== undefined);
    const seq = held(engine, id, 'tea?')?.seq ?? 0;
    const shown = (device: Engine) => {
      const { changes: unconfirmed, inbox } = device.getState();
      const message = held(device, id, 'tea?');
      const changes = changesOf({ changes: unconfirmed }, id);
      return [message && withChanges(message, changes).annotations, inbox.get(id)?.last?.annotations];
    };
    // There is no such procedure yet: a stand-in beside the real server, which stores it in the real database.
    const asked: unknown[] = [];
    let isUp = false;
    const annotate: Transport['annotate'] = async (call, { conversationId, seq: of, ...input }) => {
      if (!isUp) throw new Error('no network');
      asked.push([call, input]);
      const target = { conversationId, seq: of, actorId: ann.me.id };
      const change = () => ({ annotate: { pin: input.on ? { by: ann.me.id } : null } });
      return (await changeMessage(server.backend.core.db, target, change)).message;
    };
    engine.stop();
    const first = start(ann, idb, server.url, { annotate });
    await online(first);
    await first.open(id);
    const pin = (on: boolean) => ({
      ...{ what: 'pin', call: 'messages.pin' as 'messages.recall', input: { on } },
      shows: { pin: on ? { by: ann.me.id } : null },
    });
    for (const on of [true, false, true]) await first.annotate(id, seq, pin(on));
    const pinned = { pin: { by: ann.me.id } };
    expect(shown(first)).toEqual([pinned, pinned]);
    const again = await restart(first, ann, idb, server.url, { annotate });
    await again.open(id);
    expect(shown(again)).toEqual([pinned, pinned]);
    isUp = true;
    again.wake();
    await until(again, 'stored', () => held(again, id, 'tea?')?.annotations !== undefined);
    await until(again, 'settled', () => again.getState().commands.size === 0);
    expect(shown(again)).toEqual([pinned, pinned]);
    expect(asked).toEqual([['messages.pin', { on: true }]]);
    await fanOut(server.backend.core.db, [id], { threshold: 500 });
    await agrees(again, ann);
  });
});

it('what a newer tab sends is refused whole, not stored without it, and is kept as failed', async () => {
  const { ann, id, idb, engine } = await scene();
  const clientId = engine.send(id, { body: 'look', content: { hologram: 1 } as never });
  const failed = () => engine.getState().outbox.find((item) => item.state === 'failed');
  await until(engine, 'refused', () => failed() !== undefined);
  const item = { clientId, body: 'look', content: { hologram: 1 }, error: 'invalid_input' };
  expect(failed()).toMatchObject(item);
  const again = await restart(engine, ann, idb);
  expect(again.getState().outbox).toMatchObject([item]);
});
