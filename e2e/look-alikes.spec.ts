import { direct, expect, group, send, test } from '@lockstep/testing/kit';

test('names that look alike are marked wherever somebody is chosen, and can be distinguished', async ({
  people,
  device,
}) => {
  const [alice, ben, cleo] = await people('Alice', 'Ben', 'Cleo');
  const trip = await group('Harbour trip', cleo, alice, ben);
  const laptop = await device(cleo, 'laptop');
  const { page } = laptop;
  // With a Cyrillic А.
  const feigned = `А${alice.name.slice(1)}`;
  const pick = async (name: string) => {
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.getByRole('menuitem', { name: 'New direct message' }).click();
    await page.getByRole('dialog').getByRole('combobox').fill(name);
    return page.getByRole('dialog').getByRole('option');
  };
  const mark = page.getByTestId('look-alike');
  const idEnd = ({ id }: { id: string }) => `ID ends in ${id.slice(-4).toUpperCase()}`;

  await test.step('nobody is, before', async () => {
    const options = await pick(alice.name);
    await expect(options).toHaveText([new RegExp(alice.name)]);
    await expect(mark).toHaveCount(0);
    await page.keyboard.press('Escape');
  });
  await ben.api.mutate('me.rename', { name: feigned });

  await test.step('in the picker', async () => {
    const options = await pick(alice.name);
    await expect(options.filter({ hasText: idEnd(alice) })).toContainText('Looks like another name');
    await expect(options).toHaveCount(1);
    await page.getByRole('dialog').getByRole('combobox').fill(feigned);
    await expect(options.filter({ hasText: idEnd(ben) })).toContainText('Looks like another name');
    await page.keyboard.press('Escape');
  });
  await test.step('among members and mentions, and in the switcher', async () => {
    await laptop.open(trip);
    await laptop.composer.pressSequentially(`@${alice.name}`);
    await expect(page.getByTestId('mention-option').filter({ hasText: idEnd(alice) })).toBeVisible();
    await laptop.composer.fill('');
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type(feigned);
    const choice = page.getByTestId('switcher-choice').filter({ hasText: idEnd(ben) });
    await expect(choice).toContainText('Looks like another name');
    await page.keyboard.press('Escape');
    await laptop.openMembers();
    await expect(mark).toHaveCount(2);
  });
  await test.step('in the conversation itself, until one of them has another name', async () => {
    const chat = await direct(cleo, ben);
    await send(ben, chat, 'It is me');
    await laptop.open(chat);
    await expect(page.getByRole('banner').or(page.locator('header')).filter({ has: mark })).toContainText(
      idEnd(ben),
    );
    const sign = laptop.said('It is me').getByTestId('look-alike-sign');
    await expect(sign).toHaveAttribute('title', new RegExp(idEnd(ben)));
    await alice.api.mutate('me.rename', { name: 'Somebody else' });
    await expect(page.locator('header').filter({ has: mark })).toHaveCount(0);
    await expect(sign).toHaveCount(0);
  });
});
