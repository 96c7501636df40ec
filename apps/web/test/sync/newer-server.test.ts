import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withConversation } from '@lockstep/db';
import { isFullyKnown, PROTOCOL_VERSION, type SystemEvent } from '@lockstep/protocol';
import { createEngine, createTransport, type Engine } from '@lockstep/sync';
import { MemoryDisk, MemoryStore } from '@lockstep/sync/store/memory';
import { Server } from 'socket.io';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Account, signUp, startServer, type TestServer, until } from './server.ts';

/** A server that says what this version does not know. */
let server: TestServer;
const engines: Engine[] = [];

beforeAll(async () => {
  // In tests answers are held beside the contract, which does not know it either.
  server = await startServer({ NODE_ENV: 'production' });
});
afterEach(() => {
  for (const engine of engines.splice(0)) engine.stop();
});
afterAll(() => server?.close());

const device = async ({ me, headers }: Account, disk = new MemoryDisk()): Promise<Engine> => {
  const transport = createTransport({ url: server.url, headers });
  const store = new MemoryStore({ userId: me.id, disk, kind: 'disk' });
  const engine = createEngine({ userId: me.id, transport, store });
  engines.push(engine);
  engine.start();
  await until(engine, 'caught up', () => engine.getState().caughtUp);
  return engine;
};

/** All that this device holds, as the server has it (rule 12). */
const agrees = async (engine: Engine, { http }: Account): Promise<void> => {
  const { overall, ranges } = engine.digest();
  const asked = ranges.map(({ conversationId, from, to }) => ({ conversationId, from, to }));
  const held = await http.mutate('sync.digest', { ranges: asked });
  expect([overall, ...ranges.map(({ digest }) => digest)]).toEqual([held.overall, ...held.ranges]);
};

it('a system event that is not known is kept as it came, by push, by pull and on disk', async () => {
  const ann = await signUp(server.url, 'Ann');
  const ben = await signUp(server.url, 'Ben');
  const { conversation } = await ann.http.mutate('conversations.createGroup', {
    title: 'Tea',
    userIds: [ben.me.id],
  });
  const { id } = conversation;
  const disk = new MemoryDisk();
  const laptop = await device(ben, disk);
  const phone = await device(ben);
  for (const engine of [laptop, phone]) await engine.open(id);
  phone.suspend();

  const event = { type: 'pollClosed', poll: { question: 'Milk?', votes: [3, 1] } };
  const { core } = server.backend;
  const messages = await withConversation(core.db, id, async (tx) => {
    await tx.appendSystem(ann.me.id, event as unknown as SystemEvent);
    return tx.messages;
  });
  core.publish.changes({ conversationId: id, messages });
  await ann.http.mutate('messages.send', { conversationId: id, clientId: crypto.randomUUID(), body: 'so' });

  phone.wake();
  const held = (engine: Engine) => engine.getState().timelines.get(id)?.messages ?? [];
  for (const engine of [laptop, phone]) {
    await until(engine, 'the text after it', () => held(engine).at(-1)?.body === 'so');
    const unknown = held(engine).filter((message) => !isFullyKnown(message));
    expect(unknown.map(({ system }) => system)).toEqual([event]);
    expect(engine.getState().inbox.get(id)?.unread).toBe(1);
    await agrees(engine, ben);
  }

  await laptop.flush();
  laptop.stop();
  const again = await device(ben, disk);
  await again.open(id);
  expect(
    held(again)
      .filter((message) => !isFullyKnown(message))
      .map(({ system }) => system),
  ).toEqual([event]);
  await agrees(again, ben);
});

it('an event that is not known is nothing, and an end for a reason that is not known wipes nothing', async () => {
  const http = createServer((_req, res) => res.writeHead(503).end());
  const io = new Server(http, { transports: ['websocket'] });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const said: unknown[] = [];
  io.on('connection', (socket) => {
    said.push(socket.handshake.auth);
    socket.emit('ready', { userId: 'ann', sessionId: 's', serverTime: Date.now(), protocolVersion: 99 });
    socket.emit('pollClosed', { votes: 3 });
    socket.emit('typing', { conversationId: 'c', userId: 'ben', mood: 'good' });
    socket.emit('ended', { reason: 'moved', to: 'https://other.example' });
  });
  const disk = new MemoryDisk();
  const store = new MemoryStore({ userId: 'ann', disk, kind: 'disk' });
  const engine = createEngine({ userId: 'ann', transport: createTransport({ url }), store });
  engines.push(engine);
  engine.setDraft('c', 'a draft');
  engine.start();
  await until(engine, 'ended', () => engine.getState().connection === 'ended');
  expect(engine.getState().endedBecause).toBe('expired');
  await engine.flush();
  expect([...disk.commands.values()].map(({ name }) => name)).toEqual(['draft']);
  expect(said).toEqual([{ protocol: PROTOCOL_VERSION }]);
  engine.stop();
  await io.close();
});

it('a command that only a newer version knows stays on disk, and nothing waits for it', async () => {
  const ann = await signUp(server.url, 'Ann');
  const { conversation } = await ann.http.mutate('conversations.openDirect', { userId: ann.me.id });
  const { id } = conversation;
  const disk = new MemoryDisk();
  const first = await device(ann, disk);
  first.setDraft(id, 'a draft');
  await first.flush();
  first.stop();
  // As a tab of a newer build has left it.
  const [draft] = disk.commands.values();
  const pin = {
    ...draft,
    id: 'pin 1',
    name: 'pin',
    key: `messages ${id}`,
    args: { conversationId: id, seq: 1 },
  };
  disk.commands.set(pin.id, pin as never);

  const engine = await device(ann, disk);
  await until(engine, 'leads', () => engine.getState().leader);
  engine.send(id, 'hello');
  await until(engine, 'sent', () => engine.getState().outbox.length === 0);
  await until(engine, 'nothing of this version waits', () => engine.getState().commands.size === 0);
  await engine.flush();
  expect([...disk.commands.values()].filter(({ name }) => name !== 'draft')).toEqual([pin]);
});
