import { converged, type Device, expect, group, send, test } from '@lockstep/testing/kit';

const hits = (device: Device) => device.page.getByTestId('search-hit');

test('a conversation that is on the disk is searched offline, also when it was not opened since the start', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'the lighthouse keeper waved');
  await send(ben, trip, '无线网卡没有声音');
  const laptop = await device(alice, 'laptop', { context: { serviceWorkers: 'allow' } });
  await laptop.open(trip);
  await expect(laptop.said('lighthouse')).toBeVisible();
  await converged(laptop);
  await laptop.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await laptop.home();
  await laptop.page.reload();
  await expect(laptop.row(trip)).toBeVisible();

  await laptop.offline();
  await laptop.page.reload();
  await expect(laptop.row(trip)).toBeVisible();
  expect((await laptop.inspect())?.digest.ranges).toEqual([]);
  await laptop.page.keyboard.press('ControlOrMeta+f');
  const field = laptop.page.getByTestId('search-field');
  await field.fill('lighthouse');
  await expect(laptop.page.getByTestId('search')).toHaveAttribute('data-status', 'away');
  await expect(hits(laptop)).toHaveCount(1);
  await expect(hits(laptop).locator('mark')).toHaveText('lighthouse');
  await field.fill('声音');
  await expect(hits(laptop).locator('mark')).toHaveText('声音');

  // The server has the same one, and it is not shown twice.
  await laptop.online();
  await expect(laptop.page.getByTestId('search')).toHaveAttribute('data-status', 'done');
  await expect(hits(laptop)).toHaveCount(1);
});
