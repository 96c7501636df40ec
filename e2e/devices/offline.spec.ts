import { channel, converged, expect, group, send, sendMany, test } from '@lockstep/testing/kit';

test('both devices write offline: all of it arrives once, in one order everywhere', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  // More than a screen of it, so that there is an end to stay at.
  await sendMany(ben, trip, 40, (n) => `before ${n}`);
  const { laptop, phone, tab } = await devices(alice);
  for (const device of [laptop, phone, tab]) await device.open(trip);

  await laptop.offline();
  await phone.offline();
  await laptop.say('laptop one');
  await laptop.say('laptop two');
  await phone.say('phone one');
  await phone.say('phone two');
  await send(ben, trip, 'from Ben meanwhile');
  await expect(laptop.page.locator('[data-state=pending]')).toHaveCount(2);
  await expect(phone.page.locator('[data-state=pending]')).toHaveCount(2);

  await laptop.online();
  await phone.online();
  await converged(laptop, phone, tab);
  const texts = (await laptop.texts()).filter((text) => !text.startsWith('before '));
  expect([...texts].sort()).toEqual(
    ['from Ben meanwhile', 'laptop one', 'laptop two', 'phone one', 'phone two'].sort(),
  );
  // What one device said stays in its order.
  expect(texts.indexOf('laptop one')).toBeLessThan(texts.indexOf('laptop two'));
  expect(texts.indexOf('phone one')).toBeLessThan(texts.indexOf('phone two'));
  const newest = async (device: typeof laptop) => (await device.messages()).slice(-5);
  for (const device of [phone, tab]) expect(await newest(device)).toEqual(await newest(laptop));
  for (const device of [laptop, phone, tab]) await expect.poll(() => device.isAtEnd()).toBe(true);
});

test('an edit and a recall missed while asleep are there after waking', async ({
  people,
  devices,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'at nine');
  await send(ben, trip, 'this is wrong');
  await send(ben, trip, 'see you');
  const { laptop, phone } = await devices(alice);
  const other = await device(ben, 'laptop');
  for (const device of [laptop, phone, other]) await device.open(trip);

  await phone.asleep();
  await other.edit('at nine', 'at ten');
  await other.recall('this is wrong');
  await expect(laptop.said('at ten')).toBeVisible();
  await expect(laptop.page.locator('[data-state=recalled]')).toHaveCount(1);
  await phone.online();
  await converged(laptop, phone, other);
  expect(await phone.messages()).toEqual(await laptop.messages());
  expect(await phone.texts()).toEqual([expect.stringContaining('at ten'), 'see you']);
});

test('500 messages missed: the newest are there at once, and no hole is found on the way up', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const busy = await channel('Busy', ben, alice);
  await sendMany(ben, busy, 20);
  const { laptop, phone } = await devices(alice);
  await laptop.open(busy);
  await phone.open(busy);
  await phone.offline();
  await sendMany(ben, busy, 500, (n) => `missed ${n}`);
  await phone.online();
  await converged(laptop, phone);

  const { headSeq } = (
    await alice.api.query('conversations.get', {
      conversationId: busy.id,
    })
  ).conversation;
  for (const device of [phone, laptop]) {
    await expect(device.page.locator(`[data-seq="${headSeq}"]`)).toBeVisible();
    const seen = await device.scrollToStart();
    expect(seen).toEqual(Array.from({ length: headSeq }, (_, i) => i + 1));
  }
  await converged(laptop, phone);
});
