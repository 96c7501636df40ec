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
  await expect(phone.page.getByTestId('unsent-text')).toHaveText('wait!');
  await phone.home();
  await expect(phone.row(trip)).toHaveCount(0);
  const elsewhere = phone.page.getByTestId('unsent-elsewhere');
  await expect(elsewhere).toContainText('wait!');
  await expect(laptop.page.getByTestId('unsent-elsewhere')).toHaveCount(0);
  await expect(phone.row(other)).toBeVisible();
  await converged(laptop, phone);
  for (const device of [laptop, phone]) {
    await expect(device.page.getByText('nobody of Alice’s devices')).toHaveCount(0);
    expect(await device.page.evaluate((id) => globalThis.__lockstep?.messages(id), trip.id)).toEqual([]);
  }
});

test('a message that is refused says so in the list and where it was written, until it is sent or deleted', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', ben, alice);
  const { laptop, phone } = await devices(alice);
  for (const device of [laptop, phone]) await device.open(trip);
  const unsent = phone.row(trip).getByTestId('unsent-preview');

  await phone.offline();
  await phone.say('one');
  await phone.say('two');
  await phone.home();
  await expect(unsent).toHaveAttribute('data-unsent', 'pending');
  await expect(unsent).toContainText('two');
  await ben.api.mutate('conversations.removeMember', { conversationId: trip.id, userId: alice.id });
  await phone.online();
  const elsewhere = phone.page.getByTestId('unsent-elsewhere');
  await expect(elsewhere).toContainText('two');
  await phone.page.reload();
  await elsewhere.click();
  await expect(phone.page.getByTestId('unsent-text')).toHaveText(['one', 'two']);
  await phone.page.getByTestId('unsent-text').last().getByRole('button', { name: 'Delete' }).click();
  await expect(phone.page.getByTestId('unsent-text')).toHaveText(['one']);

  await ben.api.mutate('conversations.addMembers', { conversationId: trip.id, userIds: [alice.id] });
  await expect(phone.said('one')).toHaveAttribute('data-state', 'failed');
  await phone.home();
  await expect(elsewhere).toHaveCount(0);
  await expect(unsent).toHaveAttribute('data-unsent', 'failed');
  await expect(unsent).toContainText('one');
  await phone.open(trip);
  await phone.page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await expect(phone.said('one')).toHaveAttribute('data-state', 'sent');
  await laptop.open(trip);
  await expect(laptop.said('one')).toBeVisible();
  await converged(laptop, phone);
  expect(await laptop.texts()).toEqual(['one']);
});
