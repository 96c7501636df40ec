import { converged, type Device, expect, group, test } from '@lockstep/testing/kit';

/** Which of two tabs of one browser sends for both. */
const leaderOf = async (one: Device, other: Device): Promise<[leader: Device, follower: Device]> => {
  await expect
    .poll(async () => [(await one.inspect())?.leader, (await other.inspect())?.leader].filter(Boolean).length)
    .toBe(1);
  return (await one.inspect())?.leader ? [one, other] : [other, one];
};

test('the tab that leads is killed in mid-send: the other takes over, and each message is there once', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone, tab } = await devices(alice);
  for (const device of [laptop, phone, tab]) await device.open(trip);
  const [leader, follower] = await leaderOf(laptop, tab);

  // The server stores the first and the leader never hears of it; the others wait behind it.
  await leader.lossy({ dropCall: 0, dropAnswer: 1, dropPush: 1 });
  for (const text of ['one', 'two', 'three']) await leader.say(text);
  await follower.say('four, from the other tab');
  await expect(phone.said('one')).toBeVisible();
  await leader.crash();

  await expect(follower.page.locator('[data-state=pending]')).toHaveCount(0);
  for (const text of ['one', 'two', 'three', 'four']) await expect(phone.said(text)).toHaveCount(1);
  await converged(follower, phone);
  expect((await follower.inspect())?.leader).toBe(true);
  expect(await follower.texts()).toEqual(['one', 'two', 'three', 'four, from the other tab']);
  expect(await follower.messages()).toEqual(await phone.messages());
});

test('what is written offline outlives the browser tab', async ({ people, devices }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone, tab } = await devices(alice);
  for (const device of [laptop, phone, tab]) await device.open(trip);
  await laptop.offline();
  await tab.say('written, then the tab was closed');
  await expect(laptop.said('written, then')).toHaveAttribute('data-state', 'pending');
  await tab.page.close();
  await laptop.online();
  await expect(phone.said('written, then')).toHaveCount(1);
  await converged(laptop, phone);
});
