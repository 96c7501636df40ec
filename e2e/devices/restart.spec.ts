import { converged, expect, group, send } from '@lockstep/testing/kit';
import { withOwnServer } from './fixtures.ts';

const test = withOwnServer();

test('the server is killed in mid-conversation: nothing is lost, nothing is doubled, nobody reloads', async ({
  people,
  devices,
  stack,
}) => {
  test.setTimeout(120_000);
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone } = await devices(alice);
  for (const device of [laptop, phone]) await device.open(trip);
  await laptop.say('before');
  await expect(phone.said('before')).toBeVisible();

  // In the very moment of sending.
  await phone.slow(300);
  await phone.say('while it dies');
  await stack.web.kill();
  await phone.online();
  for (const device of [laptop, phone])
    await expect(device.page.locator('[data-connection=offline]')).toBeAttached();
  await laptop.say('while it is dead, laptop');
  await phone.say('while it is dead, phone');
  await stack.web.start();
  for (const device of [laptop, phone])
    await expect(device.page.locator('[data-state=pending]')).toHaveCount(0);
  await send(ben, trip, 'after');
  for (const device of [laptop, phone]) await expect(device.said('after')).toBeVisible();
  await converged(laptop, phone);
  expect((await laptop.texts()).sort()).toEqual(
    ['before', 'while it dies', 'while it is dead, laptop', 'while it is dead, phone', 'after'].sort(),
  );
  expect(await phone.messages()).toEqual(await laptop.messages());
});

test('without the worker sending and reading go on; what it does comes afterwards (rule 9)', async ({
  people,
  devices,
  device,
  stack,
}) => {
  test.setTimeout(120_000);
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop, phone } = await devices(alice);
  const his = await device(ben, 'laptop');
  for (const each of [laptop, phone, his]) await each.open(trip);
  await stack.worker.kill();

  await laptop.say('is anybody working?');
  await expect(his.said('is anybody working?')).toBeVisible();
  await his.say('not the worker');
  for (const each of [laptop, phone, his]) {
    await expect(each.said('is anybody working?')).toHaveAttribute('data-state', 'sent');
    await expect(each.said('not the worker')).toHaveAttribute('data-state', 'sent');
  }
  await test.step('a device that comes now sees it as well', async () => {
    const late = await device(alice, 'laptop');
    await late.open(trip);
    await expect(late.said('not the worker')).toBeVisible();
  });

  await stack.worker.start();
  await send(ben, trip, 'back at work');
  await converged(laptop, phone, his);
  expect(await phone.texts()).toEqual(['is anybody working?', 'not the worker', 'back at work']);
});
