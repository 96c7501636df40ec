import { expect, test } from '@playwright/test';
import { account, agree, composer, device, said, say, signIn, signUp } from './people.ts';

test('two people on three devices: sign up, talk, edit, recall, go offline, come back; all show the same', async ({
  browser,
}) => {
  const [ann, ben] = [account('Ann'), account('Ben')];
  const laptop = await device(browser, 'laptop');
  const phone = await device(browser, 'phone');
  const other = await device(browser, 'laptop');
  await signUp(laptop.page, ann);
  await signUp(other.page, ben);
  await signIn(phone.page, ann);

  await test.step('Ann makes a group with Ben', async () => {
    await laptop.page.getByRole('button', { name: 'New', exact: true }).click();
    await laptop.page.getByRole('menuitem', { name: 'New group' }).click();
    const dialog = laptop.page.getByRole('dialog');
    await dialog.getByLabel('Group name').fill('Harbour trip');
    await dialog.getByRole('combobox').fill(ben.name);
    await dialog.getByRole('option', { name: ben.name }).click();
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await expect(laptop.page).toHaveURL(/\/c\//);
  });

  await test.step('it opens on every device without a reload', async () => {
    for (const { page } of [phone, other]) {
      await page.getByRole('link', { name: /Harbour trip/ }).click();
      await expect(composer(page)).toBeVisible();
    }
  });
  const pages = [laptop.page, phone.page, other.page];

  await test.step('they talk both ways', async () => {
    await say(laptop.page, 'Shall we sail on Sunday?');
    await expect(said(other.page, 'Shall we sail on Sunday?')).toBeVisible();
    await say(other.page, 'Yes, if the wind allows');
    await say(phone.page, '我带午饭');
    await agree(pages, ['Shall we sail on Sunday?', 'Yes, if the wind allows', '我带午饭']);
  });

  await test.step('Ann edits with the arrow key, Ben recalls', async () => {
    await composer(laptop.page).press('ArrowUp');
    await expect(composer(laptop.page)).toHaveValue('我带午饭');
    await say(laptop.page, '我带午饭和水果');
    const mine = other.page.getByTestId('message').filter({ hasText: 'Yes, if the wind allows' });
    await mine.focus();
    await mine.press('Delete');
    await other.page.getByRole('alertdialog').getByRole('button', { name: 'Recall' }).click();
    await expect(said(laptop.page, 'This message was recalled')).toBeVisible();
    await agree(
      pages,
      ['Shall we sail on Sunday?', '我带午饭和水果'].map((text) => expect.stringContaining(text)),
    );
  });

  await test.step('the phone goes offline, both write, it comes back', async () => {
    await phone.context.setOffline(true);
    await say(phone.page, 'Written on the train');
    await expect(phone.page.locator('[data-state="pending"]')).toHaveCount(1);
    await say(other.page, 'Meanwhile at the harbour');
    await expect(said(laptop.page, 'Meanwhile at the harbour')).toBeVisible();
    await expect(said(phone.page, 'Meanwhile at the harbour')).toHaveCount(0);
    await phone.context.setOffline(false);
    await expect(said(laptop.page, 'Written on the train')).toBeVisible();
    await agree(
      pages,
      ['Shall we sail on Sunday?', '我带午饭和水果', 'Meanwhile at the harbour', 'Written on the train'].map(
        (text) => expect.stringContaining(text),
      ),
    );
  });
  for (const { context } of [laptop, phone, other]) await context.close();
});
