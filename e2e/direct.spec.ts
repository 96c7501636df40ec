import { converged, direct, expect, send, test } from '@lockstep/testing/kit';

test('a direct conversation comes into the list of the other with its first message', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const laptop = await device(alice, 'laptop');
  const phone = await device(ben, 'phone');
  const chat = await direct(alice, ben);
  await expect(laptop.row(chat)).toBeVisible();
  await converged(laptop, phone);
  await expect(phone.row(chat)).toHaveCount(0);
  // Also for a device that comes later.
  const later = await device(ben, 'laptop');
  await converged(later);
  await expect(later.row(chat)).toHaveCount(0);

  await laptop.open(chat);
  await laptop.say('Are you coming?');
  for (const one of [phone, later]) await expect(one.row(chat)).toContainText('Are you coming?');
  expect(await phone.badge(chat)).toBe('1');
  await send(ben, chat, 'On my way');
  await expect(laptop.said('On my way')).toBeVisible();
  await converged(laptop, phone, later);
});
