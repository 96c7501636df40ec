import { type Device, expect, group, send, test } from '@lockstep/testing/kit';

const field = (device: Device) => device.page.getByTestId('search-field');
const hits = (device: Device) => device.page.getByTestId('search-hit');
const remembered = (device: Device, kind: 'recent' | 'saved') =>
  device.page.locator(`[data-remembered=${kind}]`);

const open = async (device: Device): Promise<void> => {
  await device.page.keyboard.press('ControlOrMeta+f');
  await expect(field(device)).toBeFocused();
};

test('recent and saved searches are the same on all devices, live, and can be named, removed and cleared', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'the rope is wet');
  await send(ben, trip, 'the anchor is rusty');
  const laptop = await device(alice, 'laptop');
  const phone = await device(alice, 'phone');
  await phone.page.getByTestId('open-search').click();
  await expect(phone.page.getByTestId('search-notice')).toBeVisible();

  // What was opened is remembered, once, the last on top.
  for (const word of ['rope', 'anchor', 'rope']) {
    await open(laptop);
    await field(laptop).fill(word);
    await expect(hits(laptop)).toHaveCount(1);
    await laptop.page.keyboard.press('Enter');
    await expect(laptop.settled).toBeVisible();
  }
  await expect(remembered(phone, 'recent')).toHaveText(['rope', 'anchor']);

  // Saved on the one, named on the other.
  await remembered(phone, 'recent').first().click();
  await expect(field(phone)).toHaveValue('rope');
  await expect(hits(phone)).toHaveCount(1);
  await phone.page.getByTestId('search-save').click();
  await expect(phone.page.getByTestId('search-save')).toHaveAttribute('aria-pressed', 'true');
  await open(laptop);
  await expect(remembered(laptop, 'saved')).toHaveText(['rope']);
  await remembered(laptop, 'saved').hover();
  await laptop.page.getByTestId('saved-rename').click();
  await laptop.page.getByTestId('saved-name').fill('Rigging');
  await laptop.page.keyboard.press('Enter');
  await expect(remembered(laptop, 'saved')).toBeFocused();
  await field(phone).fill('');
  await expect(remembered(phone, 'saved')).toHaveText(['Riggingrope']);

  // By keyboard alone: down into the list, Delete takes one off, Enter searches.
  await field(laptop).focus();
  await laptop.page.keyboard.press('ArrowDown');
  await laptop.page.keyboard.press('ArrowDown');
  await laptop.page.keyboard.press('Delete');
  await expect(remembered(laptop, 'recent')).toHaveText(['anchor']);
  await expect(remembered(phone, 'recent')).toHaveText(['anchor']);
  await laptop.page.keyboard.press('Enter');
  await expect(field(laptop)).toHaveValue('anchor');
  await expect(hits(laptop)).toHaveCount(1);
  // Leaving what was found is using it: stored before the phone clears all.
  const stored = laptop.page.waitForResponse(/searches\.note/);
  await laptop.page.keyboard.press('Escape');
  await stored;

  await phone.page.getByTestId('recent-clear').click();
  await open(laptop);
  await expect(remembered(laptop, 'recent')).toHaveCount(0);
  await expect(remembered(laptop, 'saved')).toHaveText(['Riggingrope']);
  await laptop.page.getByTestId('saved-remove').click();
  await expect(remembered(phone, 'saved')).toHaveCount(0);
});

test('offline they are shown, also after a reload, and what was saved then is sent later', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'the rope is wet');
  await alice.api.mutate('searches.note', { text: 'rope' });
  const laptop = await device(alice, 'laptop', { context: { serviceWorkers: 'allow' } });
  await laptop.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await open(laptop);
  await expect(remembered(laptop, 'recent')).toHaveText(['rope']);
  await laptop.offline();
  await remembered(laptop, 'recent').hover();
  await laptop.page.getByTestId('recent-save').click();
  await expect(remembered(laptop, 'saved')).toHaveText(['rope']);
  await laptop.page.reload();
  await expect(remembered(laptop, 'saved')).toHaveText(['rope']);
  expect(await alice.api.query('searches.list')).toMatchObject([{ text: 'rope', savedAt: null }]);

  await laptop.online();
  await expect
    .poll(() => alice.api.query('searches.list'))
    .toMatchObject([{ text: 'rope', savedAt: expect.any(Number) }]);
});

test('rule 9: with every push lost, a device learns of them when its search is opened', async ({
  people,
  device,
}) => {
  const [alice] = await people('Alice');
  const laptop = await device(alice, 'laptop');
  await laptop.losePushes();
  await alice.api.mutate('searches.save', { text: 'rope', name: 'Rigging' });
  await open(laptop);
  await expect(remembered(laptop, 'saved')).toHaveText(['Riggingrope']);
});
