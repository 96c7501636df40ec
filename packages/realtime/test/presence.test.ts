import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, makePerson, makeWorld, type Process, roundTrip } from './world.ts';

describe('presence', () => {
  let world: Awaited<ReturnType<typeof makeWorld>>;
  let server: Process;
  beforeAll(async () => {
    world = await makeWorld({ timing: { presenceGrace: 300 } });
    server = await world.startProcess();
  });
  afterAll(() => world.close());

  const watching = async (...userIds: string[]) => {
    const watcher = await world.readyDevice(server, await makePerson(world.db));
    const states = collect(watcher, 'presence');
    const now = await watcher.emitWithAck('watch', { userIds });
    return { watcher, states, now };
  };

  it('a reload is not news, the end of the last device is, and stores when it was', async () => {
    const mia = await makePerson(world.db);
    const { states, now } = await watching(mia.userId);
    expect(now).toEqual({ ok: true, data: [{ userId: mia.userId, online: false, lastSeenAt: null }] });
    const first = await world.readyDevice(server, mia);
    first.disconnect();
    const [second, third] = [await world.readyDevice(server, mia), await world.readyDevice(server, mia)];
    second.disconnect();
    await roundTrip(third);
    expect(states.map(({ online }) => online)).toEqual([true]);
    const before = Date.now();
    third.disconnect();
    await expect.poll(() => states.map(({ online }) => online)).toEqual([true, false]);
    expect(Date.now() - before).toBeGreaterThanOrEqual(300);
    const again = await watching(mia.userId);
    const [state] = again.now.ok ? again.now.data : [];
    expect(state?.lastSeenAt).toBeGreaterThanOrEqual(before - 5);
  });

  it('only those watched now are told of, and the watched set is replaced', async () => {
    const [mia, tom] = [await makePerson(world.db), await makePerson(world.db)];
    const { watcher, states } = await watching(mia.userId);
    await watcher.emitWithAck('watch', { userIds: [tom.userId] });
    await world.readyDevice(server, mia);
    await world.readyDevice(server, tom);
    await expect.poll(() => states.map(({ userId }) => userId)).toEqual([tom.userId]);
  });
});
