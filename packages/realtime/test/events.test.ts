import { randomUUID } from 'node:crypto';
import { LIMITS } from '@lockstep/protocol';
import { CLIENT_EVENTS, type ClientEvent } from '@lockstep/protocol/contract';
import { describe, expect, it } from 'vitest';
import {
  ada,
  ask,
  bob,
  collect,
  eve,
  event,
  makeGroup,
  makePerson,
  ownServer,
  type Person,
  removeFrom,
  roundTrip,
  server,
  world,
} from './world.ts';

describe('what a client may send', () => {
  ownServer({ settings: { RATE_LIMITS: 'off' } });

  /** What a stranger gets for each event, aimed at a conversation of others. One line per event, or the test fails. */
  const PERMISSIONS: Record<ClientEvent, (conversationId: string) => { input: unknown; stranger: unknown }> =
    {
      typing: (conversationId) => ({ input: { conversationId }, stranger: { ok: false, code: 'not_found' } }),
      // Presence is visible to every signed-in person.
      watch: () => ({
        input: { userIds: [ada.userId] },
        stranger: { ok: true, data: [expect.objectContaining({ userId: ada.userId })] },
      }),
      // Of one's own device only.
      place: () => ({ input: { pos: 1 }, stranger: { ok: true, data: null } }),
    };

  it('every event is on the list of permissions', () => {
    expect(Object.keys(PERMISSIONS).sort()).toEqual(Object.keys(CLIENT_EVENTS).sort());
  });

  it('how far a device has come is kept for its own session: the last that it said', async () => {
    const [phone, laptop] = [await makePerson(world.db, ada.userId), await makePerson(world.db, ada.userId)];
    const socket = await world.readyDevice(server, phone);
    const other = await world.readyDevice(server, laptop);
    for (const pos of [4, 7]) expect(await ask(socket, 'place', { pos })).toEqual({ ok: true, data: null });
    expect(await ask(other, 'place', { pos: 5 })).toEqual({ ok: true, data: null });
    const posOf = async ({ sessionId }: Person) => {
      const { rows } = await world.db.pool.query<{ pos: string }>('select pos from session where id = $1', [
        sessionId,
      ]);
      return Number(rows[0]?.pos);
    };
    await expect.poll(async () => [await posOf(phone), await posOf(laptop)]).toEqual([7, 5]);
  });

  it('health says how many sockets are open', async () => {
    const own = await world.startProcess();
    const devices = [await world.readyDevice(own, ada), await world.readyDevice(own, bob)];
    expect(await own.realtime.health()).toEqual({ ok: true, detail: 'memory, 2 sockets' });
    for (const device of devices) device.disconnect();
    await expect.poll(() => own.realtime.health()).toEqual({ ok: true, detail: 'memory, 0 sockets' });
  });

  it.each(Object.keys(CLIENT_EVENTS) as ClientEvent[])(
    'rule 10: %s gives a stranger what the list says',
    async (name) => {
      const id = await makeGroup(world.db, [ada, bob]);
      const socket = await world.readyDevice(server, eve);
      const { input, stranger } = PERMISSIONS[name](id);
      const answer = await ask<{ data?: unknown }>(socket, name, input);
      expect(answer).toEqual(stranger);
      if ('data' in answer) CLIENT_EVENTS[name].output.parse(answer.data);
    },
  );

  it('typing reaches the other members, not the sender, not a stranger', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const sockets = await Promise.all([ada, bob, eve].map((person) => world.readyDevice(server, person)));
    const [one, two] = sockets;
    const seen = sockets.map((socket) => collect(socket, 'typing'));
    expect(await ask(one as never, 'typing', { conversationId: id })).toEqual({ ok: true, data: null });
    await Promise.all(sockets.map(roundTrip));
    expect(seen).toEqual([[], [{ conversationId: id, userId: ada.userId }], []]);
    await removeFrom(world.db, id, bob);
    server.realtime.publisher.left(id, [bob.userId]);
    expect(await ask(two as never, 'typing', { conversationId: id })).toEqual({
      ok: false,
      code: 'not_found',
    });
  });

  it('rule 10: a receipt reaches the members of its conversation, not a stranger, nor who has left', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const sockets = await Promise.all([ada, bob, eve].map((person) => world.readyDevice(server, person)));
    const seen = sockets.map((socket) => collect(socket, 'receipt'));
    const receipt = { conversationId: id, userId: ada.userId, readSeq: 1 };
    server.realtime.publisher.receipt(receipt);
    await removeFrom(world.db, id, bob);
    server.realtime.publisher.left(id, [bob.userId]);
    server.realtime.publisher.receipt({ ...receipt, readSeq: 2 });
    await Promise.all(sockets.map(roundTrip));
    expect(seen).toEqual([[receipt, { ...receipt, readSeq: 2 }], [receipt], []]);
  });

  const GARBAGE: [string, unknown][] = [
    ['typing', undefined],
    ['typing', null],
    ['typing', 'x'.repeat(1_000)],
    ['typing', { conversationId: 7 }],
    ['typing', { conversationId: `${randomUUID()}\u0000` }],
    ['typing', { conversationId: randomUUID(), more: true }],
    ['typing', { conversationId: '\ud800' }],
    ['watch', []],
    ['watch', { userIds: ['everyone'] }],
    ['watch', { userIds: Array.from({ length: LIMITS.watchedPeople + 1 }, () => randomUUID()) }],
    ['no such event', {}],
    ['constructor', {}],
    ['__proto__', {}],
    ['ready', {}],
    ['changes', { conversationId: randomUUID(), messages: [] }],
  ];
  it.each(GARBAGE)('garbage to %s (%#) is invalid input, and the socket lives on', async (name, input) => {
    const socket = await world.readyDevice(server, eve);
    expect(await ask(socket, name, input)).toEqual({ ok: false, code: 'invalid_input' });
    expect(socket.connected).toBe(true);
  });

  it('without an acknowledgement, garbage is ignored', async () => {
    const socket = await world.readyDevice(server, eve);
    (socket as unknown as { emit(name: string, ...args: unknown[]): void }).emit('typing', 1, 2, 3);
    await roundTrip(socket);
    expect(socket.connected).toBe(true);
  });

  it.each([
    ['a huge frame', () => `42["typing",{"conversationId":"${'x'.repeat(LIMITS.socketFrameBytes)}"}]`],
    ['no JSON', () => '42["typing",{'],
    ['a reserved event', () => '42["disconnect"]'],
    ['a packet that is none', () => '49[[[['],
  ])('%s closes the socket', async (_, frame) => {
    const socket = await world.readyDevice(server, eve);
    const closed = event(socket, 'disconnect');
    rawSend(socket, frame());
    await closed;
    expect((await world.readyDevice(server, eve)).connected).toBe(true);
  });
});

describe('a flood', () => {
  ownServer();

  it('gets rate_limited first, and is closed when it goes on', async () => {
    const socket = await world.readyDevice(server, ada);
    const codes: unknown[] = [];
    const closed = event(socket, 'disconnect');
    for (let i = 0; i < 150; i++) {
      socket.emit('typing', { conversationId: randomUUID() }, (result) =>
        codes.push(result.ok || result.code),
      );
    }
    await expect.poll(() => codes.length).toBe(150);
    expect(codes).toContain('rate_limited');
    expect(codes).toContain('not_found');
    for (let i = 0; i < 300; i++) socket.emit('typing', { conversationId: randomUUID() });
    // Whichever of the two limits comes first: see dispatch.test.ts.
    expect(['io server disconnect', 'transport close']).toContain(await closed);
  });

  it('of frames without an identity is closed too', async () => {
    const socket = await world.readyDevice(server, await makePerson(world.db));
    const closed = event(socket, 'disconnect');
    for (let i = 0; i < 1_000; i++) rawSend(socket, '3');
    expect(await closed).toBe('transport close');
  });
});

const rawSend = (socket: unknown, frame: string) => {
  const { ws } = (socket as { io: { engine: { transport: { ws: { send(data: string): void } } } } }).io.engine
    .transport;
  ws.send(frame);
};
