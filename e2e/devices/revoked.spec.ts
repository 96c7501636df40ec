import { converged, expect, group, type Person, send, test } from '@lockstep/testing/kit';

const devicesOf = async ({ api }: Person) => (await api.query('devices.list')).devices;

test('revoked while open: signed out and wiped as soon as it is told, the other devices go on', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'between us');
  const { laptop, phone } = await devices(alice);
  for (const device of [laptop, phone]) await device.open(trip);
  await expect(phone.said('between us')).toBeVisible();
  const stored = await phone.databases();

  const lost = (await devicesOf(alice)).find(({ system }) => system?.startsWith('iOS'));
  expect(lost).toMatchObject({ online: true, current: false });
  // Its calls are blocked, so it goes to the sign-in page, after wiping, only because of the push.
  await phone.lossy({ dropCall: 1, dropAnswer: 0, dropPush: 0 });
  const leaves = phone.page.waitForRequest(/\/sign-in\?ended=revoked/);
  await Promise.all([alice.api.mutate('devices.revoke', { deviceId: lost?.id ?? '' }), leaves]);
  await phone.page.waitForURL(/\/sign-in/);
  await phone.online();
  expect((await phone.databases()).filter((name) => name.includes(alice.id))).toEqual([]);
  expect((await devicesOf(alice)).map(({ id }) => id)).not.toContain(lost?.id);

  await test.step('and it stays out', async () => {
    await phone.page.goto(`/c/${trip.id}`);
    await expect(phone.page).toHaveURL(/\/sign-in/);
    await expect(phone.page.getByText('between us')).toHaveCount(0);
  });
  await laptop.say('that one is gone');
  await converged(laptop);
  // It had something to lose, or the test shows nothing.
  expect(stored.filter((name) => name.includes(alice.id))).not.toEqual([]);
});
