import { describe, expect, it } from 'vitest';
import {
  ada,
  addTo,
  bob,
  collectChanges,
  event,
  makeGroup,
  makePerson,
  message,
  ownServer,
  removeFrom,
  roundTrip,
  server,
  world,
} from './world.ts';

describe('rooms by membership', () => {
  ownServer();

  const push = (id: string, rev: number) => {
    server.realtime.publisher.changes({ conversationId: id, messages: [message(id, rev)] });
    // Nobody joins: what waits for its round goes out before anyone does.
    server.realtime.publisher.joined(id, []);
  };

  it('rule 5: is in every room before it says ready', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const socket = world.device(server, bob.sessionId);
    const changes = collectChanges(socket);
    const ready = await event(socket, 'ready');
    push(id, 2);
    await roundTrip(socket);
    expect(ready).toMatchObject({ userId: bob.userId, sessionId: bob.sessionId });
    expect(changes.map(({ messages }) => messages[0]?.rev)).toEqual([2]);
  });

  it('rule 10: pushes to both devices of a member, to nobody else', async () => {
    const id = await makeGroup(world.db, [ada]);
    const adaToo = await makePerson(world.db, ada.userId);
    const [one, two, other] = await Promise.all([
      world.readyDevice(server, ada),
      world.readyDevice(server, adaToo),
      world.readyDevice(server, bob),
    ]);
    const seen = [one, two, other].map(collectChanges);
    push(id, 2);
    server.realtime.publisher.inbox(ada.userId, { pos: 1 } as never);
    await Promise.all([one, two, other].map(roundTrip));
    expect(seen.map((events) => events.length)).toEqual([1, 1, 0]);
  });

  it('rule 10: a removal and a return apply to open sockets at once', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const socket = await world.readyDevice(server, bob);
    const changes = collectChanges(socket);
    await removeFrom(world.db, id, bob);
    server.realtime.publisher.left(id, [bob.userId]);
    push(id, 3);
    await addTo(world.db, id, bob);
    server.realtime.publisher.joined(id, [bob.userId]);
    push(id, 4);
    await roundTrip(socket);
    expect(changes.map(({ messages }) => messages[0]?.rev)).toEqual([4]);
  });

  it('rule 10: a removal while the rooms are being joined is not undone by the older read', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    // The removal commits and is published after the server has read the memberships, before it has joined.
    const query = server.db.pool.query.bind(server.db.pool) as (...args: unknown[]) => Promise<unknown>;
    server.db.pool.query = (async (...args: unknown[]) => {
      const result = await query(...args);
      if ((args[0] as { name?: string }).name === 'socket-rooms') {
        await removeFrom(world.db, id, bob);
        server.realtime.publisher.left(id, [bob.userId]);
      }
      return result;
    }) as never;
    const socket = world.device(server, bob.sessionId);
    const changes = collectChanges(socket);
    await event(socket, 'ready');
    server.db.pool.query = query as never;
    push(id, 3);
    await roundTrip(socket);
    expect(changes).toEqual([]);
  });

  it('the audit repairs rooms that a lost notice left wrong', async () => {
    const [gone, missed] = [await makeGroup(world.db, [ada, bob]), await makeGroup(world.db, [ada])];
    const socket = await world.readyDevice(server, bob);
    const changes = collectChanges(socket);
    await removeFrom(world.db, gone, bob);
    await addTo(world.db, missed, bob);
    await server.realtime.audit();
    push(gone, 3);
    push(missed, 3);
    await event(socket, 'changes');
    await roundTrip(socket);
    expect(changes.map(({ conversationId }) => conversationId)).toEqual([missed]);
  });
});
