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

test('edited and recalled offline on two devices, and reloaded: all agree, and what was refused is there with its reason', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  for (const text of ['at nine', 'bring bread', 'bring cheese', 'see you']) await send(alice, trip, text);
  const kept = { context: { serviceWorkers: 'allow' } } as const;
  const [home, work] = [await device(alice, 'laptop', kept), await device(alice, 'laptop', kept)];
  const phone = await device(alice, 'phone');
  const both = [home, work];
  for (const each of both) await each.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  for (const each of [...both, phone]) await each.open(trip);
  await converged(...both, phone);
  for (const each of both) await each.offline();

  await home.edit('at nine', 'at ten, says home');
  await home.recall('bring bread');
  await work.edit('at nine', 'at eleven, says work');
  await work.recall('bring cheese');
  const texts = [
    ['at ten, says home', 'bring cheese', 'see you'],
    ['at eleven, says work', 'bring bread', 'see you'],
  ];
  for (const [i, each] of both.entries()) {
    await expect(each.page.locator('[data-change=pending]')).toHaveCount(2);
    expect(await each.texts()).toEqual(texts[i]);
    await each.page.reload();
    await expect(each.page.locator('[data-change=pending]')).toHaveCount(2);
    expect(await each.texts()).toEqual(texts[i]);
  }
  expect(await phone.texts()).toEqual(['at nine', 'bring bread', 'bring cheese', 'see you']);

  await home.online();
  await expect(home.page.locator('[data-change]')).toHaveCount(0);
  await work.online();
  const refused = work.page.locator('[data-change=failed]');
  await expect(refused).toContainText('at eleven, says work');
  await expect(refused).toContainText('This has changed in the meantime.');
  await converged(...both, phone);
  for (const each of [...both, phone]) expect(await each.texts()).toEqual(['at ten, says home', 'see you']);
  expect(await home.messages()).toEqual(await phone.messages());

  // The text that was refused is not lost, nor forced upon the other.
  await work.page.reload();
  await refused.getByRole('button', { name: 'Try again' }).click();
  await expect(work.composer).toHaveValue('at eleven, says work');
  const conflict = work.page.getByTestId('edit-conflict');
  await expect(conflict).toContainText('at ten, says home');
  await conflict.getByRole('button', { name: 'Keep my text' }).click();
  await work.submit();
  await expect(phone.said('at eleven, says work')).toHaveAttribute('data-state', 'sent');
  await expect(work.page.locator('[data-change]')).toHaveCount(0);
  await converged(...both, phone);
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
