import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  ada,
  type Device,
  event,
  makeGroup,
  makePerson,
  message,
  ownServer,
  server,
  world,
} from './world.ts';

/** A connection of its own with a WebSocket on it, by hand. */
const openWebSocket = async (url: string): Promise<{ socket: Socket; read(): string }> => {
  const { port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.write(
    `${[
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      ...['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
      ...['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Origin: https://chat.example.org', '', ''],
    ].join('\r\n')}`,
  );
  await expect.poll(() => text).toContain('"sid"');
  return { socket, read: () => text };
};

/** Of a client: masked, with a mask of zeros. */
const frame = (text: string, opcode = 1): Buffer =>
  Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

describe('what a connection may cost', () => {
  ownServer({ timing: { connect: 200, linger: 50, backlog: 50 } });

  const isGone = (socket: Socket) => expect.poll(() => socket.destroyed || socket.readableEnded).toBe(true);

  it('one that never says who it is is closed, though it does not answer the closing frame', async () => {
    const { socket } = await openWebSocket(server.url);
    await isGone(socket);
  });

  it('one that is refused is closed, whatever it goes on sending', async () => {
    const { socket, read } = await openWebSocket(server.url);
    socket.write(frame('40'));
    await expect.poll(read).toContain('unauthenticated');
    await isGone(socket);
  });

  it.each([
    ['pings of WebSocket', 0x9],
    ['pongs of WebSocket', 0xa],
    ['packets', 0x1],
  ])('a flood of %s is cut off', async (_, opcode) => {
    const { socket } = await openWebSocket(server.url);
    socket.write(Buffer.concat(Array.from({ length: 1_000 }, () => frame('6', opcode))));
    await isGone(socket);
  });

  it.each([
    ['frames that are not masked', Buffer.from([0x81, 2, 0x34, 0x30])],
    ['reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['an opcode that is none', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ['a ping of 200 bytes', Buffer.from([0x89, 0xfe, 0, 200, 0, 0, 0, 0])],
    ['a frame of 8 exabytes', Buffer.from([0x81, 0xff, ...Array(8).fill(0x7f), 0, 0, 0, 0])],
    ['a frame above the limit', Buffer.from([0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0])],
    ['text that is not UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
    ['a packet of no type', frame('9x')],
    ['a packet of Socket.IO of no type', frame('49')],
    ['an event of no name', frame('42[]')],
    ['half a packet', frame('42["typing",{')],
    ['an attachment that never comes', frame('451-["x",{"_placeholder":true,"num":0}]')],
    ['another namespace', frame('40/admin,')],
  ])('%s: closed, and the server goes on', async (_, bytes) => {
    const { socket } = await openWebSocket(server.url);
    socket.write(bytes);
    await isGone(socket);
    expect((await world.readyDevice(server, ada)).connected).toBe(true);
  });

  it('a device that does not read is cut off; others get everything', async () => {
    const [bob, cleo] = [await makePerson(world.db), await makePerson(world.db)];
    const id = await makeGroup(world.db, [bob, cleo]);
    const reading = await world.readyDevice(server, cleo);
    const stuck = await world.readyDevice(server, bob);
    // What carries it, below Engine.IO.
    const { _socket } = (stuck.io.engine.transport as unknown as { ws: { _socket: Socket } }).ws;
    _socket.pause();
    let got = 0;
    reading.on('changes', (events) => {
      for (const { messages } of events) got += messages.length;
    });
    const gone = () => server.realtime.health().then(({ detail }) => detail);
    const before = await gone();
    const body = 'x'.repeat(250_000);
    let rev = 0;
    while ((await gone()) === before && rev < 400) {
      server.realtime.publisher.changes({ conversationId: id, messages: [message(id, ++rev, body)] });
      await expect.poll(() => got).toBe(rev);
    }
    expect(await gone()).not.toBe(before);
    expect(reading.connected).toBe(true);
  });

  it('rule 10: one whose session ends while it does not read is cut off all the same', async () => {
    const bob = await makePerson(world.db);
    const id = await makeGroup(world.db, [bob]);
    const stuck = await world.readyDevice(server, bob);
    const { _socket } = (stuck.io.engine.transport as unknown as { ws: { _socket: Socket } }).ws;
    _socket.pause();
    const body = 'x'.repeat(1_000_000);
    for (let rev = 1; rev <= 6; rev++)
      server.realtime.publisher.changes({ conversationId: id, messages: [message(id, rev, body)] });
    server.realtime.publisher.ended({ userId: bob.userId }, 'revoked');
    // Nothing is read any more: that the connection is gone shows when one writes to it.
    await expect
      .poll(() => {
        _socket.write(frame('3'));
        return _socket.destroyed || _socket.errored !== null;
      })
      .toBe(true);
  });

  it('so many sockets of one session, and no more', async () => {
    const dora = await makePerson(world.db);
    const devices: Device[] = [];
    for (let n = 0; n < 50; n++) devices.push(await world.readyDevice(server, dora));
    const refused = world.device(server, dora.sessionId);
    expect(((await event(refused, 'connect_error')) as Error & { data?: unknown }).data).toEqual({
      code: 'limit_reached',
    });
    const other = await makePerson(world.db, dora.userId);
    expect((await world.readyDevice(server, other)).connected).toBe(true);
    devices[0]?.disconnect();
    const again = async () => {
      const device = world.device(server, dora.sessionId);
      return event(device, 'ready').then(
        () => true,
        () => false,
      );
    };
    await expect.poll(again).toBe(true);
  });
});
