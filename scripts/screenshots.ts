import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from '@playwright/test';
import { startStack } from '../e2e/stack.ts';
import { launchOptions } from '../packages/testing/src/browser.ts';
import { fillDemo, type SignIn } from './demo.ts';

/**
 * `npm run screenshots`: starts the built product on data of its own, fills in the demo workspace and takes the
 * pictures of the README, always of the same scenes. Wants fonts for Chinese and emoji to be installed.
 */
const FOLDER = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
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

const openConversation = async (page: Page, title: string): Promise<void> => {
  await page.locator('[data-row]').filter({ hasText: title }).first().click();
  await page.locator('[data-testid=timeline][data-settled=true]').waitFor();
  await page.locator('[data-testid=message]').last().waitFor();
};

const take = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
  await page.context().close();
  console.log(`  ${name}.png`);
};

try {
  const fresh = await open(WIDE);
  await fresh.goto('/');
  await fresh.getByRole('button').last().waitFor();
  await take(fresh, 'first-run');

  const [person] = await fillDemo({ databaseUrl: stack.databaseUrl });
  if (!person) throw new Error('the demo workspace was not filled');

  const door = await open(WIDE);
  await door.goto('/sign-in');
  await door.getByRole('textbox').first().waitFor();
  await take(door, 'sign-in');

  const scenes: [string, BrowserContextOptions, (page: Page) => Promise<void>][] = [
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
      'offline',
      WIDE,
      async (page) => {
        await openConversation(page, 'engineering');
        await page.context().setOffline(true);
        await page.getByText('You’re offline').first().waitFor();
        await page.getByTestId('composer').fill('Written on the train, sent when the tunnel ends.');
        await page.getByTestId('composer').press('Enter');
        await page.locator('[data-state=pending]').waitFor();
      },
    ],
  ];
  for (const [name, options, play] of scenes) {
    const page = await open(options);
    await signIn(page, person);
    await play(page);
    await take(page, name);
  }
} finally {
  await browser.close();
  await stack.stop();
}
