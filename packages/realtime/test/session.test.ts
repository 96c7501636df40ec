import { describe, expect, it } from 'vitest';
import {
  ada,
  collect,
  type Device,
  event,
  makePerson,
  ownServer,
  type Person,
  server,
  world,
} from './world.ts';

describe('sessions of sockets', () => {
  ownServer();

  const refusal = async (socket: Device) =>
    (await event(socket, 'connect_error')) as Error & { data?: unknown };
  const endSession = ({ sessionId }: Person) =>
    // Not just now: the column has milliseconds, so that `now()` may be rounded up to a moment that is still to come.
    world.db.pool.query("update session set expires_at = now() - interval '1 second' where id = $1", [
      sessionId,
    ]);

  it.each([
    ['no cookie', ''],
    ['garbage', 'not-a-session'],
  ])('%s is refused with its code', async (_, cookie) => {
    expect((await refusal(world.device(server, cookie))).data).toEqual({ code: 'unauthenticated' });
  });

  it('a session that has ended is refused with the reason', async () => {
    const stale = await makePerson(world.db);
    await endSession(stale);
    const why = async () => (await refusal(world.device(server, stale.sessionId))).data;
    expect(await why()).toEqual({ code: 'unauthenticated', ended: 'expired' });
    await world.db.pool.query('delete from session where id = $1', [stale.sessionId]);
    expect(await why()).toEqual({ code: 'unauthenticated', ended: 'revoked' });
  });

  it('rule 9: with the database away a device is told to come back, not that its session has ended', async () => {
    await world.db.pool.query('alter table session rename to gone');
    try {
      expect((await refusal(world.device(server, ada.sessionId))).data).toEqual({ code: 'unavailable' });
    } finally {
      await world.db.pool.query('alter table gone rename to session');
    }
    expect((await world.readyDevice(server, ada)).connected).toBe(true);
  });

  it.each([
    ['https://evil.example', false],
    ['null', false],
    ['', false],
    ['http://chat.example.org', false],
    ['https://chat.example.org', true],
  ])('the page of %s may connect: %s', async (origin, allowed) => {
    const socket = world.device(server, ada.sessionId, { origin });
    const outcome = await Promise.race([
      event(socket, 'ready').then(
        () => true,
        () => false,
      ),
      event(socket, 'connect_error').then(() => false),
    ]);
    expect(outcome).toBe(allowed);
  });

  it('a page of another origin is refused with both origins', async () => {
    const socket = world.device(server, ada.sessionId, { origin: 'https://evil.example' });
    expect((await refusal(socket)).data).toEqual({
      code: 'wrong_origin',
      expected: 'https://chat.example.org',
      origin: 'https://evil.example',
    });
  });

  it('rule 10: revoking one session ends its sockets at once and no others', async () => {
    const other = await makePerson(world.db, ada.userId);
    const [one, two] = [await world.readyDevice(server, ada), await world.readyDevice(server, other)];
    const ended = event(one, 'ended');
    const closed = event(one, 'disconnect');
    server.realtime.publisher.ended({ userId: ada.userId, sessionId: ada.sessionId }, 'signed_out');
    expect(await ended).toEqual({ reason: 'signed_out' });
    expect(await closed).toBe('io server disconnect');
    expect(two.connected).toBe(true);
    const last = event(two, 'ended');
    server.realtime.publisher.ended({ userId: ada.userId }, 'revoked');
    expect(await last).toEqual({ reason: 'revoked' });
  });

  it('rule 10: a session that expires takes its open sockets with it at the next audit', async () => {
    const bob = await makePerson(world.db);
    const socket = await world.readyDevice(server, bob);
    await endSession(bob);
    const closed = event(socket, 'disconnect');
    let reported = false;
    socket.on('ended', () => {
      reported = true;
    });
    await server.realtime.audit();
    expect(await closed).toBe('io server disconnect');
    // It keeps what it has not sent: only `ended` would make it wipe that.
    expect(reported).toBe(false);
    expect(server.forgotten).toContain(bob.userId);
  });

  it('rule 10: a session that ends between the cookie and the rooms does not get in', async () => {
    const bob = await makePerson(world.db);
    const query = server.db.pool.query.bind(server.db.pool) as (...args: unknown[]) => Promise<unknown>;
    server.db.pool.query = (async (...args: unknown[]) => {
      if ((args[0] as { name?: string }).name === 'socket-rooms') await endSession(bob);
      return query(...args);
    }) as never;
    const socket = world.device(server, bob.sessionId);
    const seen = collect(socket, 'ready');
    expect(await event(socket, 'disconnect')).toBe('io server disconnect');
    server.db.pool.query = query as never;
    expect(seen).toEqual([]);
    expect(server.forgotten).toContain(bob.userId);
  });
});
