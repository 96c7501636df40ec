import { createDb, withConversation } from '@lockstep/db';
import { PROTOCOL_VERSION, type SystemEvent, VERSION_HEADER } from '@lockstep/protocol';
import { converged, type Device, expect, group, type Person, send } from '@lockstep/testing/kit';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { withOwnServer } from './devices/fixtures.ts';
import { installed } from './people.ts';
import type { Stack } from './stack.ts';

const test = withOwnServer();

interface Deployed {
  /** Pages are marked for tests or not, which makes another build of it. */
  marked: boolean;
  /** `oldest-current`, where the server is to stand for one of another version. */
  protocol?: string;
}

/** `meanwhile`: while no server is there. */
const deploy = async (
  stack: Stack,
  { marked, protocol = '' }: Deployed,
  meanwhile?: () => Promise<void>,
): Promise<void> => {
  await stack.web.stop();
  await meanwhile?.();
  stack.env.LOCKSTEP_TEST = marked ? '1' : '';
  stack.env.LOCKSTEP_PROTOCOL = protocol;
  await stack.web.start();
};

/** Until it is loaded anew, the server takes this page for one of a version that is too old. */
const isOld = async (page: Page): Promise<void> => {
  let isLoaded = false;
  page.on('request', (request) => {
    isLoaded ||= request.isNavigationRequest();
  });
  const version = () => String(isLoaded ? PROTOCOL_VERSION : 1);
  // Not by the pattern of the kit, which takes its own routes away.
  await page.route(/\/api\/trpc\//, async (route) =>
    route.continue({ headers: { ...(await route.request().allHeaders()), [VERSION_HEADER]: version() } }),
  );
  await page.routeWebSocket(/\/socket\.io\//, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => server.send(String(text).replace(/^(40\{"protocol":)\d+/, `$1${version()}`)));
  });
};

const loads = (page: Page): { count: number } => {
  const counted = { count: 0 };
  page.on('load', () => {
    counted.count++;
  });
  return counted;
};

/** A browser on pages that are not marked, which the kit needs. */
const tabOf = async (browser: Browser, stack: Stack, person: Person, options: BrowserContextOptions = {}) => {
  const context = await browser.newContext({ baseURL: stack.url, locale: 'en-GB', ...options });
  const { email, password } = person;
  await context.request.post('/api/trpc/auth.signIn', { data: { email, password } });
  return { context, page: await context.newPage() };
};

const composer = (page: Page) => page.getByTestId('composer');
const isMarked = (page: Page) => page.locator('html[data-lab]');
const line = (page: Page) => page.getByText('Lockstep was updated. Load the page again.');
const said = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });

test('tabs that are too old load themselves anew once, and all that was written is there', async ({
  stack,
  people,
  devices,
}) => {
  test.slow(); // the server starts twice
  await deploy(stack, { marked: true });
  const [ann, ben] = await people('Ann', 'Ben');
  const trip = await group('Harbour trip', ann, ben);
  const tea = await group('Tea', ann, ben);
  const { laptop, tab } = await devices(ann);
  await laptop.open(trip);
  await tab.open(tea);
  await laptop.say('at nine');
  await converged(laptop, tab);

  await laptop.write('a draft below it');
  await laptop.said('at nine').focus();
  await laptop.said('at nine').press('e');
  await expect(laptop.composer).toHaveValue('at nine');
  await laptop.composer.fill('at ten, being edited');
  const counted = [laptop.page, tab.page].map(loads);
  for (const { page } of [laptop, tab]) await isOld(page);
  await deploy(stack, { marked: false }, async () => {
    await tab.say('written offline');
    await expect(tab.page.locator('[data-state=pending]')).toHaveCount(1);
    await tab.write('and a draft offline');
  });

  for (const { page } of [laptop, tab]) await expect(isMarked(page)).toHaveCount(0);
  await expect(laptop.composer).toHaveValue('at ten, being edited');
  await expect(tab.composer).toHaveValue('and a draft offline');
  await expect(tab.page.locator('[data-state=sent]').filter({ hasText: 'written offline' })).toBeVisible();
  await laptop.composer.press('Enter');
  await expect(laptop.composer).toHaveValue('a draft below it');
  await expect(laptop.said('at ten, being edited')).toBeVisible();
  for (const { page } of [laptop, tab]) await expect(line(page)).toHaveCount(0);
  expect(counted).toEqual([{ count: 1 }, { count: 1 }]);
});

test('where the build that comes is not served either, it says so and loads no further', async ({
  stack,
  people,
  browser,
}) => {
  test.slow(); // the server starts three times
  await deploy(stack, { marked: false });
  const [ann, ben] = await people('Ann', 'Ben');
  const trip = await group('Harbour trip', ann, ben);
  await send(ben, trip, 'hello');
  const { context, page } = await tabOf(browser, stack, ann, {
    locale: 'zh-CN',
    serviceWorkers: 'block',
  });
  await page.goto(`/c/${trip.id}`);
  await expect(said(page, 'hello')).toBeVisible();
  await composer(page).fill('a draft');
  const counted = loads(page);

  await deploy(stack, { marked: true, protocol: '98-99' });
  await expect(isMarked(page)).toHaveCount(1);
  const reported = page.getByText('Lockstep 已更新，请重新加载页面。');
  await expect(reported).toBeVisible();
  await expect(page.getByRole('button', { name: '重新加载' })).toBeVisible();
  await expect(composer(page)).toHaveValue('a draft');
  await composer(page).fill('waits for a server');
  await composer(page).press('Enter');
  await expect(page.locator('[data-state=pending]')).toHaveCount(1);

  await deploy(stack, { marked: true });
  await expect(page.locator('[data-state=sent]').filter({ hasText: 'waits for a server' })).toBeVisible();
  await expect(reported).toHaveCount(0);
  expect(counted).toEqual({ count: 1 });
  await context.close();
});

test('the word that an input method composes is finished before', async ({ stack, people, device }) => {
  test.slow(); // the server starts twice
  await deploy(stack, { marked: true });
  const [ann] = await people('Ann');
  const notes = await group('Notes', ann);
  const laptop: Device = await device(ann, 'laptop');
  await laptop.open(notes);
  await laptop.write('明天');
  await laptop.compose('jian');
  const counted = loads(laptop.page);
  await isOld(laptop.page);
  await deploy(stack, { marked: false });

  await expect(line(laptop.page)).toBeVisible();
  expect(counted.count).toBe(0);
  await laptop.commit('见');
  await expect(isMarked(laptop.page)).toHaveCount(0);
  await expect(laptop.composer).toHaveValue('明天见');
  await laptop.composer.press('Enter');
  await expect(laptop.page.locator('[data-state=sent]').filter({ hasText: '明天见' })).toBeVisible();
  expect(counted.count).toBe(1);
});

test('a text in a dialog is not taken away: its person loads the page', async ({ stack, people, device }) => {
  test.slow(); // the server starts twice
  await deploy(stack, { marked: true });
  const [ann] = await people('Ann');
  const notes = await group('Notes', ann);
  const laptop: Device = await device(ann, 'laptop');
  await laptop.open(notes);
  await laptop.page.keyboard.press('ControlOrMeta+k');
  const dialog = laptop.page.getByRole('dialog');
  await dialog.getByRole('combobox').fill('not sent anywhere');
  const counted = loads(laptop.page);
  await isOld(laptop.page);
  await deploy(stack, { marked: false });

  await expect(line(laptop.page)).toBeVisible();
  await expect(dialog.getByRole('combobox')).toHaveValue('not sent anywhere');
  expect(counted.count).toBe(0);
  await laptop.page.keyboard.press('Escape');
  await expect(isMarked(laptop.page)).toHaveCount(0);
  await expect(laptop.composer).toBeVisible();
  await expect.poll(() => counted.count).toBe(1);
});

test('a file of a build that is gone: the page loads itself anew, with the draft', async ({
  stack,
  people,
  device,
}) => {
  test.slow(); // the server starts twice
  await deploy(stack, { marked: true });
  const [ann] = await people('Ann');
  const notes = await group('Notes', ann);
  const laptop: Device = await device(ann, 'laptop');
  await laptop.open(notes);
  await laptop.write('a draft');
  const counted = loads(laptop.page);
  let isLoaded = false;
  laptop.page.on('request', (request) => {
    isLoaded ||= request.isNavigationRequest();
  });
  // As a server answers that has other files.
  await laptop.page.route('**/_next/static/**', (route) =>
    isLoaded ? route.continue() : route.fulfill({ status: 404, body: '' }),
  );
  await deploy(stack, { marked: false });
  await laptop.page.getByRole('button', { name: 'Emoji' }).click();

  await expect(isMarked(laptop.page)).toHaveCount(0);
  await expect(laptop.composer).toHaveValue('a draft');
  expect(counted.count).toBe(1);
});

test('where the service worker keeps the old build for two tabs, the newest comes all the same', async ({
  stack,
  people,
  browser,
}) => {
  test.slow(); // the server starts twice
  await deploy(stack, { marked: false });
  const [ann] = await people('Ann');
  const notes = await group('Notes', ann);
  const { context, page } = await tabOf(browser, stack, ann);
  await page.goto(`/c/${notes.id}`);
  await installed(page);
  const tab = await context.newPage();
  await tab.goto(`/c/${notes.id}`);
  for (const each of [page, tab]) await expect(composer(each)).toBeVisible();
  const counted = [page, tab].map(loads);

  await deploy(stack, { marked: true, protocol: '98-99' });
  for (const each of [page, tab]) {
    await expect(isMarked(each)).toHaveCount(1);
    await expect(line(each)).toBeVisible();
  }
  expect(counted).toEqual([{ count: 1 }, { count: 1 }]);
  await context.close();
});

test('a system event of a newer server is shown as something to update for, and kept', async ({
  stack,
  people,
  devices,
}) => {
  test.slow(); // the server starts
  await deploy(stack, { marked: true, protocol: `3-${PROTOCOL_VERSION + 1}` });
  const [ann, ben] = await people('Ann', 'Ben');
  const trip = await group('Harbour trip', ann, ben);
  const { laptop, phone } = await devices(ann);
  await laptop.open(trip);
  const db = createDb({ connectionString: stack.databaseUrl, poolSize: 2 });
  await withConversation(db, trip.id, (tx) =>
    tx.appendSystem(ben.id, { type: 'pollClosed', question: 'Milk?' } as unknown as SystemEvent),
  );
  await db.close();
  for (const { page } of [laptop, phone]) await page.reload();

  await expect(phone.row(trip)).toContainText('Update to see this');
  await phone.open(trip);
  for (const device of [laptop, phone]) {
    const unknown = device.page.getByTestId('message').getByTestId('update-to-see');
    await expect(unknown).toHaveText(/Update to see this/);
    await expect(unknown.getByRole('button', { name: 'Reload' })).toBeVisible();
    await expect(device.page.locator('[data-state=recalled]')).toHaveCount(0);
  }
  await laptop.said('Update to see this').focus();
  await converged(laptop, phone);
});
