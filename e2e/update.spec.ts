import { expect, type Page } from '@playwright/test';
import { withOwnServer } from './devices/fixtures.ts';
import { account, installed, signUp } from './people.ts';
import type { Stack } from './stack.ts';

const test = withOwnServer();

/** The worker makes a new build of it, since its pages differ: they are marked for tests, or not. */
const deploy = async (stack: Stack, marked: boolean): Promise<void> => {
  await stack.web.stop();
  stack.env.LOCKSTEP_TEST = marked ? '1' : '';
  await stack.web.start();
};

/** What the browser does by itself once a day, and the page when it comes into view. */
const look = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
  });

const waiting = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);

/** The build of the worker in charge. */
const buildOfWorker = () =>
  new Promise<unknown>((answered) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => answered(data);
    navigator.serviceWorker.controller?.postMessage({ type: 'build' }, [port2]);
  });

const note = (page: Page) => page.getByText('A new version is ready.');
const isMarked = (page: Page) => page.locator('html[data-lab]');

test('a new build waits until somebody wants it, comes tab by tab, and with the reload of the only one', async ({
  browser,
  stack,
}) => {
  test.slow(); // the server starts three times
  const context = await browser.newContext({ baseURL: stack.url, locale: 'en-GB' });
  const page = await context.newPage();
  await signUp(page, account('Ann'));
  await installed(page);
  const tab = await context.newPage();
  await tab.goto('/');
  await expect(tab.getByRole('button', { name: 'Account menu' })).toBeVisible();

  await deploy(stack, false);
  await look(page);
  for (const each of [page, tab]) await expect(note(each)).toBeVisible();
  // Two tabs: neither is taken by surprise, not even by a reload.
  await tab.reload();
  await expect(isMarked(tab)).toHaveCount(1);
  await expect(note(tab)).toBeVisible();

  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(isMarked(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
  await expect(note(page)).toHaveCount(0);
  await expect(isMarked(tab)).toHaveCount(1);
  await tab.getByRole('button', { name: 'Reload' }).click();
  await expect(isMarked(tab)).toHaveCount(0);
  await tab.close();

  await deploy(stack, true);
  await look(page);
  await expect.poll(() => waiting(page)).toBe(true);
  await page.reload();
  await expect(isMarked(page)).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
  await expect.poll(() => waiting(page)).toBe(false);
  // The page is of the worker's build, by which it knows that there is nothing to offer.
  expect(await page.evaluate(buildOfWorker)).toBe(await page.locator('html').getAttribute('data-build'));
  await context.close();
});
