import { converged, expect, group, send, test } from '@lockstep/testing/kit';

test('read on one device clears the badge of the others within a second', async ({ people, devices }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone, tab } = await devices(alice);
  for (let i = 1; i <= 3; i++) await send(ben, trip, `message ${i}`);
  for (const device of [laptop, phone, tab]) await expect.poll(() => device.badge(trip)).toBe('3');

  await phone.open(trip);
  for (const device of [laptop, tab])
    await expect.poll(() => device.badge(trip), { timeout: 1_000, intervals: [20] }).toBe('');
  await converged(laptop, phone, tab);
});
