import { converged, expect, group, send } from '@lockstep/testing/kit';
import { hasRedis, type TestRedis, testRedis } from '@lockstep/testing/redis';
import { withOwnServer } from './fixtures.ts';

let redis: TestRedis;

/** Queue and push on Redis. */
const test = withOwnServer().extend({
  env: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
    async ({}, use) => {
      redis = await testRedis();
      await use({ REDIS_URL: redis.url });
      await redis.stop();
    },
    { scope: 'worker' },
  ],
});
test.skip(!hasRedis(), 'redis-server is not installed');

test('Redis goes away and comes back: sending and reading go on, devices agree afterwards (rule 9)', async ({
  people,
  devices,
}) => {
  test.setTimeout(180_000);
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone } = await devices(alice);
  for (const device of [laptop, phone]) await device.open(trip);
  await laptop.say('with Redis');
  await expect(phone.said('with Redis')).toBeVisible();

  const port = Number(new URL(redis.url).port);
  await redis.stop();
  await laptop.say('without, from the laptop');
  await phone.say('without, from the phone');
  await send(ben, trip, 'without, from Ben');
  for (const device of [laptop, phone]) {
    for (const text of ['from the laptop', 'from the phone', 'from Ben'])
      await expect(device.said(text)).toHaveAttribute('data-state', 'sent', { timeout: 90_000 });
  }
  redis = await testRedis(port);
  await laptop.say('with it again');
  await converged(laptop, phone);
  expect(await phone.messages()).toEqual(await laptop.messages());
});
