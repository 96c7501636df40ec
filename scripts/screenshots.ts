import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContextOptions, chromium, devices, type Page } from '@playwright/test';
import { startStack } from '../e2e/stack.ts';
import { launchOptions } from '../packages/testing/src/browser.ts';
import { fillDemo, type SignIn } from './demo.ts';
import { commandLine, endWith } from './lib/command-line.mjs';
import { SCREENSHOTS } from './lib/commands.mjs';
import { UsageError } from './lib/flags.mjs';
import { nearest } from './lib/nearest.mjs';

/**
 * `npm run screenshots`: starts the built product on data of its own, fills in the demo workspace and takes the
 * pictures of the README, always of the same scenes. Wants fonts for Chinese and emoji to be installed. Names after
 * `--` take only those: `npm run screenshots -- lab dark`.
 */
const only = commandLine(SCREENSHOTS).words;
const isWanted = (name: string): boolean => only.length === 0 || only.includes(name);
const FOLDER = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const known = existsSync(FOLDER) ? readdirSync(FOLDER).map((file) => file.replace(/\.png$/, '')) : [];
for (const name of only)
  if (!known.includes(name)) {
    const meant = nearest(name, known);
    const what = `There is no picture "${name}"${meant ? `: did you mean ${meant}?` : '.'}`;
    endWith(new UsageError(what), SCREENSHOTS.usage);
  }
const WIDE: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

mkdirSync(FOLDER, { recursive: true });
const stack = await startStack();
const browser = await chromium.launch(await launchOptions());

const open = async (options: BrowserContextOptions): Promise<Page> => {
  const context = await browser.newContext({
    baseURL: stack.url,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  return context.newPage();
};

const signIn = async (page: Page, { email, password }: SignIn): Promise<void> => {
  await page.goto('/sign-in');
  await page.getByRole('textbox').first().fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL(/\/$/);
  await page.locator('[data-row]').first().waitFor();
};

/** A call about this person's searches, from the page. */
const remember = (page: Page, what: 'note' | 'save', input: object): Promise<unknown> =>
  page.evaluate(
    ([name, body]) =>
      fetch(`/api/trpc/searches.${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: body as string,
      }).then((answer) => answer.ok || Promise.reject(new Error(`searches.${name}: ${answer.status}`))),
    [what, JSON.stringify(input)],
  );

const openConversation = async (page: Page, title: string): Promise<void> => {
  await page.locator('[data-row]').filter({ hasText: title }).first().click();
  await page.locator('[data-testid=timeline][data-settled=true]').waitFor();
  await page.locator('[data-testid=message]').last().waitFor();
};

/** Four devices of two people in one conversation, in step. */
const openLab = async (page: Page): Promise<void> => {
  const people = ['Ann Keller', 'Ann Keller', 'Ann Keller', 'Bo Lindqvist'];
  await page.goto('/lab');
  const found: { id: string; name: string }[] = await page.evaluate(() =>
    fetch('/lab/people').then((answer) => answer.json()),
  );
  const standing = people.map((name) => ['device', `${found.find((one) => one.name === name)?.id} ${name}`]);
  await page.goto('about:blank');
  await page.goto(`/lab#${new URLSearchParams(standing)}`);
  const light = page.getByTestId('lab-light');
  await page.locator('[data-testid=lab-light][data-verdict=agree]').waitFor({ timeout: 60_000 });
  for (const slot of ['a', 'b', 'c', 'd']) {
    const device = page.getByTestId(`device-${slot}`).frameLocator('iframe');
    await device.locator('[data-row]').filter({ hasText: 'engineering' }).first().click();
    await device.locator('[data-testid=timeline][data-settled=true]').waitFor();
  }
  await page.getByRole('button', { name: 'Scenarios' }).click();
  await page.getByRole('menuitem', { name: 'Two write offline' }).click();
  await page.getByTestId('scenario-playing').waitFor();
  await page.getByTestId('scenario-playing').waitFor({ state: 'detached', timeout: 60_000 });
  await page.locator('[data-testid=lab-light][data-verdict=agree]').waitFor({ timeout: 60_000 });
  await light.hover();
};

const take = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
  await page.context().close();
  console.log(`  ${name}.png`);
};

try {
  if (isWanted('first-run')) {
    const fresh = await open(WIDE);
    await fresh.goto('/');
    await fresh.getByRole('button').last().waitFor();
    await take(fresh, 'first-run');
  }

  const [person, colleague] = await fillDemo({ databaseUrl: stack.databaseUrl });
  if (!person || !colleague) throw new Error('the demo workspace was not filled');

  if (isWanted('sign-in')) {
    const signInPage = await open(WIDE);
    await signInPage.goto('/sign-in');
    await signInPage.getByRole('textbox').first().waitFor();
    await take(signInPage, 'sign-in');
  }

  const scenes: [string, BrowserContextOptions, (page: Page) => Promise<void>][] = [
    // While there are few sign-ins.
    [
      'devices',
      WIDE,
      async (page) => {
        const phone = await open({ ...devices['iPhone 13'], defaultBrowserType: undefined } as typeof PHONE);
        await signIn(phone, person);
        await page.goto('/settings/devices');
        await page.getByText('Up to date').nth(1).waitFor({ timeout: 30_000 });
      },
    ],
    ['empty', WIDE, async () => {}],
    ['conversation', WIDE, (page) => openConversation(page, 'engineering')],
    ['dark', { ...WIDE, colorScheme: 'dark' }, (page) => openConversation(page, 'launch-2.0')],
    ['chinese', { ...WIDE, locale: 'zh-CN' }, (page) => openConversation(page, '上海办公室')],
    ['phone-list', PHONE, async () => {}],
    ['phone', PHONE, (page) => openConversation(page, 'support')],
    ['phone-dark', { ...PHONE, colorScheme: 'dark' }, (page) => openConversation(page, 'general')],
    [
      'details',
      WIDE,
      async (page) => {
        await openConversation(page, 'design');
        await page.getByRole('button', { name: /members/ }).click();
        await page.getByRole('complementary', { name: 'Conversation details' }).waitFor();
      },
    ],
    [
      'drafts-receipts',
      WIDE,
      async (page) => {
        const other = await open(WIDE);
        await signIn(other, colleague);
        await openConversation(other, 'Offsite');
        await openConversation(page, 'launch-2.0');
        await page.getByTestId('composer').fill('Release notes are with the translators until');
        await openConversation(page, 'Offsite');
        await page.getByTestId('composer').fill('Tickets are bought. Bring boots!');
        await page.getByTestId('send').click();
        await page.getByTestId('readers').last().click();
        await page.getByTestId('reader').first().waitFor();
        await page.getByTestId('draft-preview').first().waitFor();
      },
    ],
    [
      'offline',
      WIDE,
      async (page) => {
        await openConversation(page, 'engineering');
        await page.context().setOffline(true);
        await page.getByText('You’re offline').first().waitFor();
        await page.getByTestId('composer').fill('Written on the train, sent when the tunnel ends.');
        await page.getByTestId('send').click();
        await page.locator('[data-state=pending]').waitFor();
      },
    ],
  ];
  for (const [name, options, play] of scenes) {
    if (!isWanted(name)) continue;
    const page = await open(options);
    await signIn(page, person);
    await play(page);
    await take(page, name);
  }

  // Search and the switcher, in both languages.
  const search = (query: string) => async (page: Page) => {
    await page.goto(`/search?q=${encodeURIComponent(query)}`);
    await page.getByTestId('search-hit').first().waitFor();
    await page.locator('[data-testid=search][data-status=done]').waitFor();
  };
  const remembered = async (page: Page) => {
    const queries = [
      'release',
      'from:me has:code',
      'error after:last-month',
      '没有声音',
      'in:#engineering deploy',
    ];
    for (const text of queries) await remember(page, 'note', { text });
    await remember(page, 'save', { text: 'mentions:me is:unread', name: 'To answer' });
    await remember(page, 'save', { text: 'in:#engineering deploy', name: null });
    await page.goto('/search');
    await page
      .locator('[data-remembered=recent]')
      .nth(queries.length - 1)
      .waitFor();
  };
  const switcher = (query: string) => async (page: Page) => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByTestId('switcher-choice').first().waitFor();
    await page.keyboard.type(query);
    if (query) await page.locator('[data-kind=messages]').first().waitFor();
  };
  const filters = async (page: Page) => {
    await search('that')(page);
    await page.getByTestId('search-filters').click();
    const facet = page.getByTestId('facets-sheet').getByTestId('facet').first();
    await facet.click();
    await page.locator('[data-testid=facets-sheet] [data-testid=facet][aria-pressed=true]').waitFor();
    await page.locator('[data-testid=search][data-status=done]').waitFor();
  };
  const grouped = async (page: Page) => {
    await search('that')(page);
    await page.getByTestId('search-order').click();
    await page.getByRole('menuitemradio').last().click();
    await page.getByTestId('search').getByRole('heading', { level: 2 }).first().waitFor();
  };
  const searchScenes: [string, BrowserContextOptions, (page: Page) => Promise<void>][] = [
    ['search', WIDE, search('that')],
    ['search-dark', { ...WIDE, colorScheme: 'dark' }, grouped],
    ['search-chinese', { ...WIDE, locale: 'zh-CN' }, search('that')],
    ['search-phone', PHONE, search('that')],
    ['search-filters-phone', PHONE, filters],
    ['search-filters-chinese', { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' }, filters],
    ['search-start', WIDE, remembered],
    ['search-start-chinese', { ...PHONE, locale: 'zh-CN' }, remembered],
    ['switcher', WIDE, switcher('de')],
    ['switcher-chinese', { ...WIDE, locale: 'zh-CN', colorScheme: 'dark' }, switcher('de')],
    ['switcher-phone', PHONE, switcher('de')],
  ];
  for (const [name, options, play] of searchScenes) {
    if (!isWanted(name)) continue;
    const page = await open(options);
    await signIn(page, person);
    await play(page);
    await take(page, name);
  }

  // Message history for admins, in both languages.
  const adminScenes: [string, BrowserContextOptions, string][] = [
    ['admin-history', WIDE, 'history'],
    ['admin-history-chinese', { ...WIDE, locale: 'zh-CN' }, 'history'],
    ['admin-history-phone', { ...PHONE, colorScheme: 'dark' }, 'history'],
    ['admin-versions', WIDE, 'versions'],
    ['admin-audit', WIDE, 'audit'],
    ['admin-audit-chinese', { ...WIDE, locale: 'zh-CN', colorScheme: 'dark' }, 'audit'],
    ['admin-exports', WIDE, 'exports'],
  ];
  for (const [name, options, section] of adminScenes) {
    if (!isWanted(name)) continue;
    const page = await open(options);
    await signIn(page, person);
    await page.goto(`/admin/${section === 'versions' ? 'history' : section}`);
    if (section === 'history' || section === 'versions') {
      await page.getByTestId('reason').fill('Complaint no. 41 of the works council');
      await page.getByTestId('search-field').fill(section === 'versions' ? 'has:edit' : 'release');
      await page.locator('button[type=submit]').click();
      await page.getByTestId('history-hit').first().waitFor();
      if (section === 'versions') {
        await page
          .getByRole('button', { name: /earlier text/ })
          .first()
          .click();
        await page.getByTestId('version').first().waitFor();
      } else {
        await page.locator('form button').last().click();
        await page.locator('[data-sonner-toast]').waitFor();
        await page.locator('[data-sonner-toast]').waitFor({ state: 'detached' });
      }
    } else if (section === 'audit') {
      await page.getByTestId('audit-entry').first().waitFor();
      await page.locator('section button').last().click();
      await page.getByTestId('report').waitFor();
    } else {
      await page.locator('[data-status=done]').first().waitFor();
    }
    await take(page, name);
  }

  for (const [name, colorScheme] of [
    ['lab', 'light'],
    ['lab-dark', 'dark'],
  ] as const) {
    if (!isWanted(name)) continue;
    const page = await open({ ...WIDE, colorScheme });
    await openLab(page);
    await take(page, name);
  }
} finally {
  await browser.close();
  await stack.stop();
}
