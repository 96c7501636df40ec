import { direct, expect, type Person, send, signUpPerson } from '@lockstep/testing/kit';
import type { Locator, Page } from '@playwright/test';
import { withOwnServer } from '../devices/fixtures.ts';

const test = withOwnServer();

let admin: Person;
// The first account of a workspace is its admin.
test.beforeAll(async ({ stack }) => {
  admin = await signUpPerson(stack.url, 'Admin');
});

const choose = async (page: Page, person: Person, item: string) => {
  await page.getByTestId('person').filter({ hasText: person.email }).getByRole('button').click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: item }).click();
};
const signIn = async (page: Page, { email }: Person, password: string) => {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

const adminTag = (within: Locator) => within.getByTitle('Administrator of this workspace');

test('a person is deactivated, sees why, is reactivated, and gets a new password by link', async ({
  people,
  device,
}) => {
  const [ben] = await people('Ben');
  const phone = await device(ben, 'phone');
  const { page } = await device(admin, 'laptop');
  await page.goto('/admin/people');
  await page.getByRole('searchbox').fill(admin.email);
  await expect(page.getByTestId('person')).toHaveText([/Admin/]);
  await expect(adminTag(page.getByTestId('person'))).toBeVisible();
  await page.getByRole('searchbox').fill(ben.email);
  await expect(page.getByTestId('person')).toHaveText([/Ben/]);
  await expect(adminTag(page.getByTestId('person'))).toHaveCount(0);

  await choose(page, ben, 'Deactivate');
  await expect(phone.page.getByText('This device was signed out')).toBeVisible();
  await signIn(phone.page, ben, ben.password);
  await expect(phone.page.getByText('Your account was deactivated')).toBeVisible();
  await expect(page.getByText('Nobody here has')).toBeVisible();
  const filter = (name: RegExp) => page.locator('label').filter({ hasText: name });
  await filter(/^Deactivated/).click();
  await choose(page, ben, 'Reactivate');
  await filter(/^Active/).click();

  await choose(page, ben, 'Create password link');
  const link = await page.getByTestId('reset-link').inputValue();
  await phone.page.goto(link);
  await phone.page.getByLabel('New password').fill('password1');
  await expect(phone.page.getByTestId('password-weak')).toContainText('Many people use this password');
  await phone.page.getByRole('button', { name: 'Set password' }).click();
  // Refused by the server as well, at its field.
  await expect(phone.page.getByTestId('password-weak')).toBeVisible();
  await phone.page.getByLabel('New password').fill('ochre lantern 77');
  await expect(phone.page.getByTestId('password-good')).toBeVisible();
  await phone.page.getByRole('button', { name: 'Set password' }).click();
  await expect(phone.page.getByText('Your password was changed')).toBeVisible();
  await signIn(phone.page, ben, 'ochre lantern 77');
  await expect(phone.page.getByRole('button', { name: 'Account menu' })).toBeVisible();
  await phone.page.goto(link);
  await expect(phone.page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
});

test('one’s own password: the other device is signed out, this one stays', async ({ people, device }) => {
  const [cyd, ben] = await people('Cyd', 'Ben');
  const [laptop, phone] = [await device(cyd, 'laptop'), await device(cyd, 'phone')];
  await laptop.page.goto('/settings/password');
  await laptop.page.getByLabel('Current password').fill('not this one');
  await laptop.page.getByLabel('New password').fill('ochre lantern 77');
  await laptop.page.getByRole('button', { name: 'Change password' }).click();
  await expect(laptop.page.getByText('The current password is wrong')).toBeVisible();
  await laptop.page.getByLabel('Current password').fill(cyd.password);
  await laptop.page.getByRole('button', { name: 'Change password' }).click();
  // The kit's own session is the second of the others.
  await expect(laptop.page.getByText('2 other devices signed out')).toBeVisible();
  await expect(phone.page.getByText('This device was signed out')).toBeVisible();
  await laptop.page.reload();
  await expect(laptop.page.getByRole('heading', { name: 'Password' })).toBeVisible();

  await test.step('an admin has a tag where somebody is chosen or written to; nobody else has, whatever their name', async () => {
    const { page } = laptop;
    const chat = await direct(admin, cyd);
    await send(admin, chat, 'hello');
    await ben.api.mutate('me.rename', { name: `Admin of ${ben.name}` });
    await page.goto('/');
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.getByRole('menuitem', { name: 'New direct message' }).click();
    const option = page.getByRole('dialog').getByRole('option');
    for (const [name, tags] of [
      [admin.name, 1],
      [`Admin of ${ben.name}`, 0],
    ] as const) {
      await page.getByRole('dialog').getByRole('combobox').fill(name);
      await expect(option).toHaveText([new RegExp(name)]);
      await expect(adminTag(option)).toHaveCount(tags);
    }
    await page.keyboard.press('Escape');
    await laptop.open(chat);
    await expect(adminTag(page.locator('header'))).toBeVisible();
    const withBen = await direct(ben, cyd);
    await send(ben, withBen, 'hello too');
    await laptop.open(withBen);
    await expect(page.locator('header').getByRole('heading')).toContainText('Admin of');
    await expect(adminTag(page.locator('header'))).toHaveCount(0);
  });
});
