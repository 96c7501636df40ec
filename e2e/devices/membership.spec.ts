import { converged, expect, group, send, test } from '@lockstep/testing/kit';

test('removed from a group while offline: it goes from every device, and what was written there is not lost in silence', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', ben, alice);
  const other = await group('Another group', ben, alice);
  await send(ben, trip, 'you are out');
  const { laptop, phone } = await devices(alice);
  for (const device of [laptop, phone]) await device.open(trip);

  await phone.offline();
  await phone.say('wait!');
  await ben.api.mutate('conversations.removeMember', { conversationId: trip.id, userId: alice.id });
  await expect(laptop.row(trip)).toHaveCount(0);
  await expect(laptop.page.getByTestId('conversation-gone')).toBeVisible();
  await send(ben, trip, 'nobody of Alice’s devices may read this');

  await phone.online();
  await expect(phone.page.getByTestId('conversation-gone')).toBeVisible();
  await phone.home();
  await expect(phone.row(trip)).toHaveCount(0);
  await expect(phone.row(other)).toBeVisible();
  await converged(laptop, phone);
  for (const device of [laptop, phone]) {
    await expect(device.page.getByText('nobody of Alice’s devices')).toHaveCount(0);
    expect(await device.page.evaluate((id) => globalThis.__lockstep?.messages(id), trip.id)).toEqual([]);
  }
});
