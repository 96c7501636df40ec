import { type Browser, expect, type Page, test } from '@playwright/test';
import { type Account, account, device, signIn, signUp } from './people.ts';

const rows = (page: Page) => page.getByTestId('device');
/** The row of the other device, where there are two. */
const other = (page: Page) => rows(page).filter({ hasNotText: 'This device' });

const openDevices = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Account menu' }).click();
  await page.getByRole('menuitem', { name: 'Devices' }).click();
  await expect(page).toHaveURL(/\/settings\/devices$/);
};

/**
 * Ann on a laptop, at the page of devices, and on a phone. `reported` resolves when the phone gets the event that its
 * session is over.
 */
const twoDevices = async (browser: Browser, ann: Account) => {
  const laptop = await device(browser, 'laptop');
  const phone = await device(browser, 'phone');
  const reported = new Promise<void>((done) =>
    phone.page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => `${payload}`.startsWith('42["ended"') && done()),
    ),
  );
  await signUp(laptop.page, ann);
  await signIn(phone.page, ann);
  await expect(phone.page.getByRole('button', { name: 'Account menu' })).toBeVisible();
  await openDevices(laptop.page);
  return { laptop, phone, reported };
};

/** What a browser still holds of anyone: names of databases and keys. */
const left = (page: Page): Promise<string[]> =>
  page.evaluate(async () => [
    ...(await indexedDB.databases()).map(({ name }) => name ?? ''),
    ...Object.keys(localStorage).filter((key) => key.startsWith('lockstep.')),
  ]);

test('all devices with their place; one is renamed, here and there', async ({ browser }) => {
  const { laptop, phone } = await twoDevices(browser, account('Ann'));
  await expect(rows(laptop.page)).toHaveCount(2);
  await expect(rows(laptop.page).first()).toContainText('This device');
  await expect(rows(laptop.page).first()).toContainText('Active now');
  await expect(laptop.page.getByTestId('device-place')).toHaveText(['Up to date', 'Up to date']);
  await expect(other(laptop.page)).toContainText('Active now');

  await other(laptop.page)
    .getByRole('button', { name: /^Rename/ })
    .click();
  const field = laptop.page.getByRole('textbox', { name: /^Rename/ });
  await field.fill('x'.repeat(61));
  await field.press('Enter');
  await expect(other(laptop.page).getByRole('alert')).toHaveText('Use 1 to 60 characters.');
  await field.fill('Pocket');
  await field.press('Enter');
  await expect(other(laptop.page)).toContainText('Pocket');

  await openDevices(phone.page);
  await expect(rows(phone.page).first()).toContainText('Pocket');
  await expect(rows(phone.page).first()).toContainText('This device');
  await phone.page.getByRole('button', { name: 'Back' }).click();
  await expect(phone.page).toHaveURL(/\/$/);
  await laptop.page.keyboard.press('Escape');
  await expect(laptop.page).toHaveURL(/\/$/);
  for (const { context } of [laptop, phone]) await context.close();
});

test('a revoked device is out and wiped as soon as it is told', async ({ browser }) => {
  const { laptop, phone, reported } = await twoDevices(browser, account('Ann'));
  await expect.poll(() => left(phone.page)).toContain('lockstep.account');
  await other(laptop.page)
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await laptop.page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
  // By the notice, which nothing but the sign-out can have sent; not by what it would be refused later.
  await reported;
  await expect(phone.page.getByRole('button', { name: 'Account menu' })).toHaveCount(0);

  await expect(phone.page).toHaveURL(/\/sign-in\?ended=revoked$/);
  await expect(phone.page.getByText('This device was signed out from another device')).toBeVisible();
  expect(await left(phone.page)).toEqual([]);
  await expect(rows(laptop.page)).toHaveCount(1);
  await expect(laptop.page.getByText('You aren’t signed in anywhere else.')).toBeVisible();
  // Back, and the address of the app, lead to the sign-in page.
  await phone.page.goto('/');
  await expect(phone.page).toHaveURL(/\/sign-in/);
  for (const { context } of [laptop, phone]) await context.close();
});

test('all others are revoked; one that was closed then finds out when it is opened', async ({ browser }) => {
  const ann = account('Ann');
  const { laptop, phone } = await twoDevices(browser, ann);
  const third = await device(browser, 'laptop');
  await signIn(third.page, ann);
  await expect.poll(() => left(phone.page)).toContain('lockstep.account');
  await phone.page.close();
  await expect(rows(laptop.page)).toHaveCount(3);
  await laptop.page.getByRole('button', { name: 'Sign out 2 other devices' }).click();
  await laptop.page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(third.page).toHaveURL(/\/sign-in\?ended=revoked$/);
  await expect(rows(laptop.page)).toHaveCount(1);

  const again = await phone.context.newPage();
  await again.goto('/');
  await expect(again.getByText('This device was signed out from another device')).toBeVisible();
  expect(await left(again)).toEqual([]);
  for (const { context } of [laptop, phone, third]) await context.close();
});

test('offline, the page says that it is not fresh, and opens with what it can', async ({ browser }) => {
  const { laptop, phone } = await twoDevices(browser, account('Ann'));
  await expect(rows(laptop.page)).toHaveCount(2);
  await laptop.context.setOffline(true);
  await expect(laptop.page.getByText('This may be out of date')).toBeVisible();
  await expect(rows(laptop.page)).toHaveCount(2);
  await laptop.context.setOffline(false);
  await expect(laptop.page.getByText('This may be out of date')).toHaveCount(0);
  for (const { context } of [laptop, phone]) await context.close();
});
