import { describe, expect, it } from 'vitest';
import { collect, makePerson, ownServer, type Process, roundTrip, server, world } from './world.ts';

/** Never over in a test, however slow the machine. */
const AN_HOUR = 3_600_000;

describe('presence', () => {
  ownServer({ timing: { presenceGrace: AN_HOUR } });

  const watching = async (process: Process, ...userIds: string[]) => {
    const watcher = await world.readyDevice(process, await makePerson(world.db));
    const states = collect(watcher, 'presence');
    const now = await watcher.emitWithAck('watch', { userIds });
    return { watcher, states, now };
  };

  it('neither a reload nor the end of one of two devices is published', async () => {
    const mia = await makePerson(world.db);
    const { states, now } = await watching(server, mia.userId);
    expect(now).toEqual({ ok: true, data: [{ userId: mia.userId, online: false, lastSeenAt: null }] });
    const first = await world.readyDevice(server, mia);
    first.disconnect();
    const [second, third] = [await world.readyDevice(server, mia), await world.readyDevice(server, mia)];
    second.disconnect();
    await roundTrip(third);
    expect(states.map(({ online }) => online)).toEqual([true]);
  });

  it('the end of the last device is published after the grace time, with its time', async () => {
    const hasty = await world.startProcess({ presenceGrace: 1 });
    const mia = await makePerson(world.db);
    const { states } = await watching(hasty, mia.userId);
    const device = await world.readyDevice(hasty, mia);
    const before = Date.now();
    device.disconnect();
    await expect.poll(() => states.map(({ online }) => online)).toEqual([true, false]);
    const lastSeen = async () => {
      const { now } = await watching(hasty, mia.userId);
      return (now.ok && now.data[0]?.lastSeenAt) || 0;
    };
    await expect.poll(lastSeen).toBeGreaterThanOrEqual(before);
  });

  it('only presence of watched people is sent, and a new watched set replaces the old one', async () => {
    const [mia, tom] = [await makePerson(world.db), await makePerson(world.db)];
    const { watcher, states } = await watching(server, mia.userId);
    await watcher.emitWithAck('watch', { userIds: [tom.userId] });
    await world.readyDevice(server, mia);
    await world.readyDevice(server, tom);
    await expect.poll(() => states.map(({ userId }) => userId)).toEqual([tom.userId]);
  });
});
