import { expect, it, vi } from 'vitest';
import { ada, collect, event, ownServer, world } from './world.ts';

ownServer();

it('is closed once what it asked of the store is answered, also for a device that is just coming in', async () => {
  const process = await world.startProcess();
  const { pool } = process.db;
  const query = pool.query.bind(pool);
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const asked: string[] = [];
  vi.spyOn(pool, 'query').mockImplementation((async (...args: unknown[]) => {
    const { name = '' } = args[0] as { name?: string };
    asked.push(name);
    if (name === 'socket-rooms') await held;
    return (query as (...args: unknown[]) => unknown)(...args);
  }) as never);
  const coming = world.device(process, ada.sessionId);
  await expect.poll(() => asked).toContain('socket-rooms');
  const gone = event(coming, 'disconnect');
  let closed = false;
  const closing = process.realtime.close().then(() => {
    closed = true;
  });
  await gone;
  expect(closed).toBe(false);
  answer();
  await closing;
  const count = asked.length;
  await process.close();
  expect(asked).toHaveLength(count);
});

it('the only process asks nobody to connect elsewhere', async () => {
  const process = await world.startProcess();
  const device = await world.readyDevice(process, ada);
  const asked = collect(device, 'reconnect');
  await process.realtime.moveSockets(60_000);
  const gone = event(device, 'disconnect');
  await process.realtime.close();
  await gone;
  expect(asked).toEqual([]);
});
