import { converged, expect, group, send, test } from '@lockstep/testing/kit';

test('read on one device clears the badge of the others by a push', async ({ people, devices }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone, tab } = await devices(alice);
  for (let i = 1; i <= 3; i++) await send(ben, trip, `message ${i}`);
  for (const device of [laptop, phone, tab]) await expect.poll(() => device.badge(trip)).toBe('3');

  // The calls of these devices are blocked, so that what they show came by push.
  for (const device of [laptop, tab]) await device.lossy({ dropCall: 1, dropAnswer: 0, dropPush: 0 });
  await phone.open(trip);
  for (const device of [laptop, tab]) await expect.poll(() => device.badge(trip)).toBe('');
  for (const device of [laptop, tab]) await device.online();
  await converged(laptop, phone, tab);
});

test('marked as unread on one device is unread on all, until it is read on any', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'think about it');
  const { laptop, phone, tab } = await devices(alice);
  await laptop.open(trip);
  await expect.poll(() => laptop.badge(trip)).toBe('');
  await laptop.home();

  await laptop.markUnread(trip);
  for (const device of [laptop, phone, tab]) await expect.poll(() => device.badge(trip)).not.toBe('');
  await converged(laptop, phone, tab);

  await phone.open(trip);
  for (const device of [laptop, tab]) await expect.poll(() => device.badge(trip)).toBe('');
  await converged(laptop, phone, tab);
});

test('two drafts written offline: no text is lost, and once sent it does not come back', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone, tab } = await devices(alice);
  for (const device of [laptop, phone, tab]) await device.open(trip);

  await test.step('a draft follows its person', async () => {
    await laptop.write('We could');
    await expect.poll(() => phone.draft()).toBe('We could');
    await expect.poll(() => tab.draft()).toBe('We could');
    await laptop.write('');
    await expect.poll(() => phone.draft()).toBe('');
    await converged(laptop, phone, tab);
  });

  await laptop.offline();
  await phone.offline();
  await laptop.write('written on the laptop');
  await phone.write('written on the phone');
  await laptop.online();
  await phone.online();
  for (const device of [laptop, phone, tab]) {
    await expect.poll(() => device.draft()).toContain('written on the laptop');
    await expect.poll(() => device.draft()).toContain('written on the phone');
  }
  await converged(laptop, phone, tab);

  const whole = await laptop.draft();
  await laptop.composer.press('Enter');
  for (const device of [laptop, phone, tab]) {
    await expect(device.said('written on the phone')).toHaveAttribute('data-state', 'sent');
    await expect.poll(() => device.draft()).toBe('');
  }
  await converged(laptop, phone, tab);
  for (const device of [phone, tab]) {
    await device.page.reload();
    await expect(device.settled).toBeVisible();
    // The disk may be a moment behind what was there before the reload.
    await expect.poll(() => device.draft()).toBe('');
  }
  await converged(laptop, phone, tab);
  for (const device of [laptop, phone, tab]) expect(await device.draft()).toBe('');
  expect(await phone.texts()).toEqual([whole]);
});
