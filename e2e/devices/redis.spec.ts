import { converged, expect, group, send, test } from '@lockstep/testing/kit';
import { hasRedis, testRedis } from '@lockstep/testing/redis';
import { startStack } from '../stack.ts';

test.describe('with queue and push on Redis', () => {
  test.skip(!hasRedis(), 'redis-server is not installed');
  const parts = { stack: null as Awaited<ReturnType<typeof startStack>> | null };
  let redis: Awaited<ReturnType<typeof testRedis>>;

  test.use({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
    serverUrl: async ({}, use) => {
      redis = await testRedis();
      parts.stack = await startStack({ RATE_LIMITS: 'off', REDIS_URL: redis.url });
      await use(parts.stack.url);
      await parts.stack.stop();
      await redis.stop();
    },
  });

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
});
