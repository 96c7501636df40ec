import { hasRedis, type TestRedis, testRedis } from '@lockstep/testing/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  addTo,
  collect,
  collectChanges,
  event,
  makeGroup,
  makePerson,
  makeWorld,
  message,
  type Person,
  type Process,
  removeFrom,
} from './world.ts';

if (!hasRedis()) console.info('skipped: push between processes over Redis, as redis-server is not installed');

const AN_HOUR = 3_600_000;

/** What holds for every adapter that carries pushes between processes. */
describe.each([
  { push: 'postgres' as const, installed: true },
  { push: 'redis' as const, installed: hasRedis() },
])('two processes over $push', ({ push, installed }) => {
  if (!installed) return it.skip('needs redis-server');

  let redis: TestRedis | undefined;
  let world: Awaited<ReturnType<typeof makeWorld>>;
  let one: Process;
  let two: Process;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    if (push === 'redis') redis = await testRedis();
    world = await makeWorld({
      push,
      ...(redis ? { redisUrl: redis.url } : {}),
      // No process is taken for dead because the machine is slow.
      timing: { presenceGrace: 50, beat: AN_HOUR },
    });
    [one, two] = [await world.startProcess(), await world.startProcess()];
    ada = await makePerson(world.db);
    bob = await makePerson(world.db);
    await connected(world, one, two);
  });
  afterAll(async () => {
    await world.close();
    await redis?.stop();
  });

  it('a change published at one reaches the devices of both, once, in order, also when it is large', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const sockets = [await world.readyDevice(one, ada), await world.readyDevice(two, bob)];
    const seen = sockets.map((socket) => collectChanges(socket));
    for (let rev = 2; rev < 100; rev++) {
      one.realtime.publisher.changes({ conversationId: id, messages: [message(id, rev)] });
    }
    // Above the 8,000 bytes that a notice of Postgres may have.
    one.realtime.publisher.changes({ conversationId: id, messages: [message(id, 100, '大'.repeat(8_000))] });
    const last = () => seen.map((events) => events.at(-1)?.messages.at(-1)?.rev);
    await expect.poll(last).toEqual([100, 100]);
    const revs = seen.map((events) => events.flatMap(({ messages }) => messages.map(({ rev }) => rev)));
    expect(revs[0]).toEqual(Array.from({ length: 99 }, (_, i) => i + 2));
    expect(revs[1]).toEqual(revs[0]);
  });

  it('rule 10: removal, return and revocation apply at the other process', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const socket = await world.readyDevice(two, bob);
    const changes = collectChanges(socket);
    const publish = (rev: number) =>
      one.realtime.publisher.changes({ conversationId: id, messages: [message(id, rev)] });
    await removeFrom(world.db, id, bob);
    one.realtime.publisher.left(id, [bob.userId]);
    publish(3);
    await addTo(world.db, id, bob);
    one.realtime.publisher.joined(id, [bob.userId]);
    publish(5);
    await event(socket, 'changes');
    expect(changes.map(({ messages }) => messages[0]?.rev)).toEqual([5]);
    const { sessionId } = bob;
    const ended = event(socket, 'ended');
    one.realtime.publisher.ended({ userId: bob.userId, sessionId }, 'revoked');
    expect(await ended).toEqual({ reason: 'revoked' });
    // Before the socket ended: it would find nothing remembered of it when it comes back.
    for (const process of [one, two]) expect(process.forgotten).toContain(bob.userId);
  });

  it('a device is known to be connected wherever its socket is, and no longer when it is gone', async () => {
    const [here, there, gone] = await Promise.all([1, 2, 3].map(() => makePerson(world.db)));
    const ids = [here, there, gone].map((person) => (person as Person).sessionId);
    const sockets = [
      await world.readyDevice(one, here as Person),
      await world.readyDevice(two, there as Person),
    ];
    const connectedOf = async (process: Process) => [...(await process.realtime.publisher.connected(ids))];
    for (const process of [one, two])
      expect((await connectedOf(process)).sort()).toEqual(ids.slice(0, 2).sort());
    for (const socket of sockets) socket.disconnect();
    await expect.poll(() => connectedOf(one)).toEqual([]);
  });

  it('typing reaches a member at the other process', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const typist = await world.readyDevice(one, ada);
    const reader = await world.readyDevice(two, bob);
    const typing = event(reader, 'typing');
    typist.emit('typing', { conversationId: id });
    expect(await typing).toEqual({ conversationId: id, userId: ada.userId });
  });

  it('someone is online while a socket is open at any process', async () => {
    const [eve, mia, tom] = await Promise.all([1, 2, 3].map(() => makePerson(world.db)));
    if (!eve || !mia || !tom) throw new Error('three people');
    const watcher = await world.readyDevice(one, eve);
    const states = collect(watcher, 'presence');
    const of = ({ userId }: Person) => states.filter((s) => s.userId === userId).map(({ online }) => online);
    await watcher.emitWithAck('watch', { userIds: [mia.userId, tom.userId] });
    const [here, brief] = [await world.readyDevice(one, mia), await world.readyDevice(one, tom)];
    await expect.poll(() => [of(mia), of(tom)]).toEqual([[true], [true]]);
    const there = await world.readyDevice(two, mia);
    // What comes after it through the same channel: the first process knows of the socket at the second.
    const heard = event(watcher, 'inbox');
    two.realtime.publisher.inbox(eve.userId, {} as never);
    await heard;
    here.disconnect();
    // Goes later and has the same time of grace: once that is over, so is the other.
    brief.disconnect();
    await expect.poll(() => of(tom)).toEqual([true, false]);
    expect(of(mia)).toEqual([true]);
    there.disconnect();
    await expect.poll(() => of(mia)).toEqual([true, false]);
  });

  it('a process that ends takes those who were online there with it', async () => {
    const [eve, mia] = [await makePerson(world.db), await makePerson(world.db)];
    const third = await world.startProcess();
    const watcher = await world.readyDevice(one, eve);
    const states = collect(watcher, 'presence');
    await watcher.emitWithAck('watch', { userIds: [mia.userId] });
    await world.readyDevice(third, mia);
    await expect.poll(() => states.map(({ online }) => online)).toEqual([true]);
    await third.realtime.close();
    await expect.poll(() => states.map(({ online }) => online)).toEqual([true, false]);
  });

  it('before a planned stop devices are asked to connect elsewhere, and get pushes here until they have', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const third = await world.startProcess();
    const socket = await world.readyDevice(third, ada);
    const asked = event(socket, 'reconnect');
    let moved = false;
    const moving = third.realtime.moveSockets(60_000).then(() => {
      moved = true;
    });
    expect((await asked).withinMs).toBeLessThan(1_000);
    const change = event(socket, 'changes');
    third.realtime.publisher.changes({ conversationId: id, messages: [message(id, 2)] });
    await change;
    const next = await world.readyDevice(one, ada);
    expect(moved).toBe(false);
    socket.disconnect();
    await moving;
    // What it publishes last still reaches the others.
    const seen = collectChanges(next);
    for (let rev = 3; rev < 100; rev++)
      third.realtime.publisher.changes({ conversationId: id, messages: [message(id, rev)] });
    await third.realtime.close();
    await expect.poll(() => seen.at(-1)?.messages.at(-1)?.rev).toBe(99);
  });

  it('those who cannot go elsewhere do not hold up the stop', async () => {
    const third = await world.startProcess();
    const socket = await world.readyDevice(third, ada);
    await third.realtime.moveSockets(100);
    expect(socket.connected).toBe(true);
  });

  it('rule 9: a broken adapter does not hold up the own sockets, and carries again once it is whole', async () => {
    const id = await makeGroup(world.db, [ada, bob]);
    const socket = await world.readyDevice(one, ada);
    // As often as there are connections to lose.
    for (let time = 0; time < 2; time++) {
      await (redis ? redis.stop() : world.cutPush());
      await expect.poll(async () => (await one.realtime.health()).ok).toBe(false);
      const change = event(socket, 'changes');
      one.realtime.publisher.changes({ conversationId: id, messages: [message(id, 2 + time)] });
      expect((await change)[0]?.messages[0]?.rev).toBe(2 + time);
      if (redis) redis = await testRedis(Number(new URL(redis.url).port));
      else await world.restorePush();
      await connected(world, one, two);
    }
  });
});

/** Both processes hear each other: listening begins some time after the start. */
const connected = async (world: Awaited<ReturnType<typeof makeWorld>>, one: Process, two: Process) => {
  const person = await makePerson(world.db);
  for (const [from, to] of [
    [one, two],
    [two, one],
  ] as const) {
    const socket = await world.readyDevice(to, person);
    const heard = collect(socket, 'inbox');
    await vi.waitFor(
      () => {
        from.realtime.publisher.inbox(person.userId, {} as never);
        if (heard.length === 0) throw new Error('not heard yet');
      },
      { timeout: 30_000 },
    );
  }
};
