import { type Device, expect, group, send, test } from '@lockstep/testing/kit';

const hits = (device: Device) => device.page.getByTestId('search-hit');
const field = (device: Device) => device.page.getByTestId('search-field');
const chips = (device: Device) => device.page.getByTestId('search-chip');

test('a name with a space is typed as it is, becomes one chip, and reads so offline', async ({
  people,
  device,
}) => {
  const [alice, lee, lemon] = await people('Alice', 'Ann Lee', 'Ann Lemon');
  const trip = await group('Harbour trip', alice, lee, lemon);
  await send(lee, trip, 'the qwx is wet');
  await send(lemon, trip, 'the qwx is dry');
  const laptop = await device(alice, 'laptop');
  await laptop.open(trip);
  await expect(laptop.said('qwx is dry')).toBeVisible();
  await laptop.page.keyboard.press('ControlOrMeta+f');
  await laptop.page.keyboard.type('from:@Ann Le');
  await expect(laptop.page.getByTestId('search-suggestion')).toHaveCount(2);
  await expect(chips(laptop)).toHaveCount(0);
  await laptop.page.keyboard.type(`${lee.name.slice('Ann Le'.length)} qwx`);
  await expect(chips(laptop)).toHaveAttribute('data-clause', `from:@"${lee.name}"`);
  await expect(field(laptop)).toHaveValue('qwx');
  await expect(hits(laptop)).toHaveCount(1);
  await expect(hits(laptop)).toContainText('qwx is wet');

  await laptop.offline();
  await field(laptop).fill('is');
  await expect(laptop.page.getByTestId('search')).toHaveAttribute('data-status', 'away');
  await expect(hits(laptop)).toHaveCount(1);
  await laptop.online();

  // A suggestion takes the place of all that was typed of the name.
  await field(laptop).press('Home');
  await field(laptop).press('Backspace');
  await field(laptop).fill('qwx from:ann lem');
  await expect(laptop.page.getByTestId('search-suggestion')).toHaveCount(1);
  await laptop.page.keyboard.press('Enter');
  await expect(chips(laptop)).toHaveAttribute('data-clause', `from:<@${lemon.id}>`);
  await expect(field(laptop)).toHaveValue('qwx ');
});

test('a flag is a word, and what is negated is a chip that becomes text by a click', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'run rm -rf build first');
  await send(ben, trip, 'the rf signal of rm radio');
  await send(ben, trip, 'meeting cancelled today');
  await send(ben, trip, 'meeting tomorrow');
  await send(ben, trip, 'meeting -cancelled was typed here');
  const laptop = await device(alice, 'laptop');
  await laptop.page.keyboard.press('ControlOrMeta+f');
  await field(laptop).fill('rm -rf ');
  await expect(hits(laptop)).toHaveCount(1);
  await expect(hits(laptop).locator('mark')).toHaveText(['rm', '-rf']);
  await expect(chips(laptop)).toHaveCount(0);

  await field(laptop).fill('meeting -cancelled ');
  await expect(chips(laptop)).toHaveText('Not: cancelled');
  await expect(hits(laptop)).toHaveCount(1);
  await expect(hits(laptop)).toContainText('tomorrow');
  await laptop.page.getByTestId('search-chip-text').click();
  await expect(chips(laptop)).toHaveCount(0);
  await expect(field(laptop)).toHaveValue('meeting "-cancelled" ');
  await expect(hits(laptop)).toHaveCount(1);
  await expect(hits(laptop)).toContainText('was typed here');
});
