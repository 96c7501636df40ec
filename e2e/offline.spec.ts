import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import {
  type Account,
  account,
  agree,
  composer,
  device,
  installed,
  said,
  say,
  signIn,
  signUp,
} from './people.ts';

/** Ann on a laptop that can do without the network. */
const annOnLaptop = async (browser: Browser) => {
  const laptop = await device(browser, 'laptop');
  const ann = account('Ann');
  await signUp(laptop.page, ann);
  await installed(laptop.page);
  return { ...laptop, ann };
};

/** Every text that the worker's caches hold, by address. */
const cached = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(async () => {
    const texts: Record<string, string> = {};
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        texts[new URL(request.url).pathname] = (await (await cache.match(request))?.text()) ?? '';
    }
    return texts;
  });

test('the app is installable: manifest, icons, worker', async ({ browser }) => {
  const { context, page } = await device(browser, 'laptop');
  await page.goto('/sign-in');
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await context.request.get(href ?? '');
  const manifest = await answer.json();
  expect(manifest).toMatchObject({ name: 'Lockstep', start_url: '/', display: 'standalone' });
  for (const purpose of ['any', 'maskable'])
    expect(manifest.icons).toContainEqual(expect.objectContaining({ purpose, sizes: '512x512' }));
  for (const { src, sizes } of manifest.icons) {
    const size = await page.evaluate(async (address: string) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    expect(size).toBe(sizes);
  }
  await installed(page);
  const worker = await context.request.get('/sw.js');
  expect(worker.headers()['content-security-policy']).toBe("default-src 'none'; connect-src 'self'");
  const again = await context.request.get('/sw.js', {
    headers: { 'if-none-match': worker.headers().etag ?? '' },
  });
  expect(again.status()).toBe(304);
  await context.close();
});

test('without an account and offline a notice is shown, and the app opens when the server answers', async ({
  browser,
}) => {
  const first = await device(browser, 'laptop');
  await signUp(first.page, account('Ann'));
  await first.context.close();
  const { context, page } = await device(browser, 'phone');
  await page.goto('/sign-in');
  await installed(page);
  await context.setOffline(true);
  for (const path of ['/sign-in', '/', '/settings/devices']) {
    await page.goto(path);
    await expect(page.getByText('Lockstep can’t be reached')).toBeVisible();
  }
  await context.setOffline(false);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fdevices/);
  await context.close();
});

test('the shell starts offline at every address of the app, and holds nothing of its person', async ({
  browser,
}) => {
  const { context, page, ann } = await annOnLaptop(browser);
  const faults = watchFaults(context);
  await context.setOffline(true);
  for (const path of ['/', '/c/00000000-0000-7000-8000-000000000000', '/settings/devices']) {
    await page.goto(path);
    await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(path);
  }
  expect(faults()).toEqual([]);
  const texts = await cached(page);
  expect(Object.keys(texts)).toContain('/shell/en');
  expect(Object.keys(texts).filter((path) => path.startsWith('/api'))).toEqual([]);
  for (const [path, text] of Object.entries(texts))
    for (const personal of [ann.name, ann.email]) expect(text.includes(personal), path).toBe(false);
  await context.close();
});

test('the shell speaks the language that was chosen', async ({ browser }) => {
  const { context, page } = await annOnLaptop(browser);
  await page.getByRole('button', { name: 'Account menu' }).click();
  await page.getByRole('menuitem', { name: /Language/ }).press('ArrowRight');
  await page.getByRole('menuitemradio', { name: '简体中文' }).click();
  await expect(page.getByRole('button', { name: '账号菜单' })).toBeVisible();
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole('button', { name: '账号菜单' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await context.close();
});

test('offline, a reload shows list and history, and what was sent offline is still there and arrives once', async ({
  browser,
}) => {
  const { context, page, ann } = await annOnLaptop(browser);
  const phone = await device(browser, 'phone');
  await signIn(phone.page, ann);
  await openNotes(page, ann);
  for (const text of ['buy bread', 'call the harbour']) await say(page, text);
  for (const text of ['buy bread', 'call the harbour'])
    await expect.poll(() => kept(page, 'messages')).toContain(text);

  await context.setOffline(true);
  await page.reload();
  await expect(page.locator('[data-row]')).toHaveCount(1);
  await expect(said(page, 'buy bread')).toBeVisible();
  await expect(said(page, 'call the harbour')).toBeVisible();
  await say(page, 'from the tunnel');
  await expect(page.locator('[data-state="pending"]')).toHaveCount(1);
  await expect.poll(() => kept(page, 'commands')).toContain('from the tunnel');
  await page.reload();
  await expect(page.locator('[data-state="pending"]')).toContainText('from the tunnel');
  await page.goto('/');
  await expect(page.locator('[data-row]')).toHaveCount(1);
  await page.locator('[data-row]').click();
  await expect(page.locator('[data-state="pending"]')).toContainText('from the tunnel');

  await context.setOffline(false);
  await phone.page.locator('[data-row]').click();
  await agree([page, phone.page], ['buy bread', 'call the harbour', 'from the tunnel']);
  for (const each of [context, phone.context]) await each.close();
});

test('signing out takes away what was kept, in every tab, and asks first when something is unsent', async ({
  browser,
}) => {
  const { context, page, ann } = await annOnLaptop(browser);
  const tab = await context.newPage();
  await tab.goto('/');
  await openNotes(page, ann);
  await say(page, 'only for me');
  await expect(page.locator('[data-state="sent"]')).toHaveCount(1);
  await expect.poll(() => kept(page, 'messages')).toContain('only for me');
  // What the worker keeps of what a person has seen; nothing that is asked for here is.
  await page.evaluate(async (name) => {
    const cache = await caches.open('lockstep-data');
    await cache.put('/data/of-its-person', new Response(`only for ${name}`));
  }, ann.name);
  expect(await heldBy(page)).toEqual({
    databases: [expect.stringMatching(/^lockstep-/)],
    keys: expect.arrayContaining(['lockstep.account']),
    caches: ['lockstep-data'],
  });
  expect(Object.values(await cached(page)).join()).toContain(ann.name);
  await context.setOffline(true);
  await say(page, 'not sent yet');
  await expect(page.locator('[data-state="pending"]')).toHaveCount(1);

  await signOut(page);
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('1 message hasn’t been sent');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('[data-state="pending"]')).toHaveCount(1);
  await context.setOffline(false);
  await expect(page.locator('[data-state="sent"]')).toHaveCount(2);

  await signOut(page);
  for (const each of [page, tab]) await expect(each).toHaveURL(/\/sign-in/);
  await expect.poll(() => heldBy(page)).toEqual({ databases: [], keys: [], caches: [] });
  const texts = Object.values(await cached(page)).join();
  for (const personal of [ann.name, ann.email, 'only for me']) expect(texts.includes(personal)).toBe(false);
  await context.close();
});

/** What this browser holds of a person; what belongs to nobody (the app itself, choices) is left out. */
const heldBy = (page: Page) =>
  page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name ?? ''),
    keys: Object.keys(localStorage).filter((key) => key.startsWith('lockstep')),
    caches: (await caches.keys()).filter((name) => !/^lockstep-(app-|choices)/.test(name)),
  }));

/** What is on disk: the page shows it a moment earlier, and what the server has stored is gathered before it is written. */
const kept = (page: Page, table: 'messages' | 'commands'): Promise<string> =>
  page.evaluate(async (store) => {
    const found: unknown[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const open = indexedDB.open(name);
      await new Promise((done) => {
        open.onsuccess = done;
      });
      const all = open.result.transaction(store).objectStore(store).getAll();
      await new Promise((done) => {
        all.onsuccess = done;
      });
      found.push(all.result);
      open.result.close();
    }
    return JSON.stringify(found);
  }, table);

/** Notes to self: a conversation that needs nobody else. */
const openNotes = async (page: Page, me: Account): Promise<void> => {
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByRole('menuitem', { name: 'New direct message' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').fill(me.name);
  await dialog.getByRole('option', { name: me.name }).click();
  await expect(composer(page)).toBeVisible();
};

const signOut = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Account menu' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
};

/** What the content policy refuses and React complains of; that the network is away is no fault. */
function watchFaults(context: BrowserContext): () => string[] {
  const faults: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(message.text()))
      faults.push(message.text());
  });
  context.on('weberror', (error) => faults.push(String(error.error())));
  return () => faults;
}
