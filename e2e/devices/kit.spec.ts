import { converged, convergedWithin, expect, group, send, test } from '@lockstep/testing/kit';

test('what tests rely on: asleep is frozen, pushes can be lost, and converged() says what differs', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone, tab } = await devices(alice);
  for (const device of [laptop, phone, tab]) await device.open(trip);

  await test.step('nothing runs in a page that sleeps', async () => {
    await phone.page.evaluate(() => {
      const watched = window as unknown as { longestGap: number };
      watched.longestGap = 0;
      let last = performance.now();
      setInterval(() => {
        watched.longestGap = Math.max(watched.longestGap, performance.now() - last);
        last = performance.now();
      }, 5);
    });
    await phone.asleep();
    const since = performance.now();
    await send(ben, trip, 'are you there?');
    await expect(laptop.said('are you there?')).toBeVisible();
    const slept = performance.now() - since;
    await phone.online();
    await expect(phone.said('are you there?')).toBeVisible();
    const gap = await phone.page.evaluate(() => (window as unknown as { longestGap: number }).longestGap);
    expect(gap).toBeGreaterThanOrEqual(slept);
  });

  await test.step('a device that lost a push is told apart, field by field, and only that one', async () => {
    await converged(laptop, phone, tab);
    await phone.losePushes();
    await send(ben, trip, 'lost on the way');
    await converged(laptop, tab);
    const failure = await convergedWithin(500, laptop, phone, tab).catch((error: Error) => error.message);
    expect(failure).toContain(`phone: conversation ${trip.id}: headSeq is `);
    expect(failure).toContain('"body":"lost on the way"');
    expect(failure).not.toContain('laptop: ');
  });

  await test.step('no device at all converges with nothing', async () => {
    await expect(converged()).rejects.toThrow('no device');
  });
});
