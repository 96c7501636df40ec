import { converged, expect, group, send, test } from '@lockstep/testing/kit';

const HOUR = 3_600_000;

test('sockets blocked altogether: devices converge by asking', async ({ people, devices }) => {
  test.setTimeout(120_000);
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone } = await devices(alice);
  for (const device of [laptop, phone]) {
    await device.open(trip);
    await device.blockPush();
    await expect(device.page.locator('[data-connection=offline]')).toBeAttached();
  }
  await laptop.say('from the laptop, without a socket');
  await phone.say('from the phone, without a socket');
  await send(ben, trip, 'from Ben');
  for (const device of [laptop, phone]) {
    for (const text of ['from the laptop', 'from the phone', 'from Ben'])
      await expect(device.said(text)).toHaveAttribute('data-state', 'sent');
    expect((await device.inspect())?.connection).toBe('offline');
    await expect(device.page.getByText('Live updates are blocked.')).toBeVisible();
  }
  await converged(laptop, phone);
});

test('calls fail before and after the server has seen them, pushes are dropped: each message is there once', async ({
  people,
  devices,
}) => {
  test.setTimeout(120_000);
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone } = await devices(alice);
  for (const device of [laptop, phone]) await device.open(trip);
  await laptop.lossy({ seed: 7 });
  await phone.lossy({ seed: 8 });
  const all: string[] = [];
  for (let i = 1; i <= 5; i++) {
    for (const device of [laptop, phone]) {
      all.push(`${device === laptop ? 'laptop' : 'phone'} says ${i}`);
      await device.say(all.at(-1) as string);
    }
    await send(ben, trip, `Ben says ${i}`);
    all.push(`Ben says ${i}`);
  }
  await laptop.online();
  await phone.online();
  for (const device of [laptop, phone])
    await expect(device.page.locator('[data-state=pending]')).toHaveCount(0);
  await converged(laptop, phone);
  expect((await phone.texts()).sort()).toEqual(all.sort());
  expect(await phone.messages()).toEqual(await laptop.messages());
});

test('clocks two hours wrong, one each way: the order is the server’s, on every device', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone } = await devices(alice, {
    laptop: { clock: -2 * HOUR },
    phone: { clock: 2 * HOUR },
  });
  for (const device of [laptop, phone]) await device.open(trip);
  const texts: string[] = [];
  const said = async (who: typeof laptop | typeof ben, text: string) => {
    texts.push(text);
    if ('say' in who) await who.say(text);
    else await send(who, trip, text);
    for (const device of [laptop, phone])
      await expect(device.said(text)).toHaveAttribute('data-state', 'sent');
  };
  await said(phone, 'one, by a clock that is ahead');
  await said(laptop, 'two, by a clock that is behind');
  await said(ben, 'three, by a clock that is right');
  await phone.offline();
  await phone.say('four, written offline');
  texts.push('four, written offline');
  await phone.online();
  await converged(laptop, phone);
  expect(await phone.texts()).toEqual(texts);
  expect(await laptop.messages()).toEqual(await phone.messages());
  // Nobody's message is of tomorrow or of yesterday: times are the server's.
  for (const device of [laptop, phone]) await expect(device.page.getByTestId('day')).toHaveCount(1);
});

test('two people type Chinese at once: what comes in leaves the input method alone, Enter in it sends nothing', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('港口之行', alice, ben);
  const hers = await device(alice, 'laptop');
  const phone = await device(alice, 'phone');
  const his = await device(ben, 'laptop');
  for (const each of [hers, phone, his]) await each.open(trip);

  await hers.composer.focus();
  await his.composer.focus();
  await hers.compose('wo');
  await his.compose('ni');
  await send(ben, trip, '第一条');
  for (const each of [hers, his]) await expect(each.said('第一条')).toBeVisible();
  await hers.compose('wo dai');
  await his.compose('ni hao');
  expect(await hers.draft()).toBe('wo dai');
  expect(await his.draft()).toBe('ni hao');
  // As browsers tell of an Enter that belongs to the input method.
  for (const each of [hers, his])
    await each.composer.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true });
  for (const each of [hers, his]) expect((await each.texts()).join()).toBe('第一条');
  await hers.commit('我带');
  await his.commit('你好');
  // A second word, while the first one's draft is on its way to the phone.
  await hers.compose('wu fan');
  await expect.poll(() => phone.draft()).toContain('我带');
  await phone.page.evaluate(() => document.body.getBoundingClientRect());
  expect(await hers.draft()).toBe('我带wu fan');
  await hers.commit('午饭');
  expect(await hers.draft()).toBe('我带午饭');
  expect(await his.draft()).toBe('你好');
  await hers.composer.press('Enter');
  await his.composer.press('Enter');
  await converged(hers, phone, his);
  expect((await phone.texts()).sort()).toEqual(['第一条', '我带午饭', '你好'].sort());
  expect(await hers.messages()).toEqual(await phone.messages());
  for (const each of [hers, phone, his]) expect(await each.draft()).toBe('');
});
