import { type Browser, type BrowserContext, devices, expect, type Page } from '@playwright/test';

/** Someone who uses the product in tests. */
export interface Account {
  name: string;
  email: string;
  password: string;
}

export const baseUrl = (): string => {
  const url = process.env.LOCKSTEP_URL;
  if (!url)
    throw new Error('LOCKSTEP_URL is not set: run through playwright.config.ts, which starts the product.');
  return url;
};

let count = 0;
/** A new account each time, so that tests do not meet in one database. */
export const account = (name: string): Account => ({
  name: `${name} ${Date.now().toString(36)}${++count}`,
  email: `${name.toLowerCase()}-${Date.now().toString(36)}-${count}@example.com`,
  password: 'correct horse battery',
});

const KINDS = {
  laptop: { viewport: { width: 1440, height: 900 } },
  phone: { ...devices['iPhone 13'], defaultBrowserType: undefined, viewport: { width: 390, height: 844 } },
} as const;

/** A browser of one's own: its own cookies, storage and network. */
export const device = async (
  browser: Browser,
  kind: keyof typeof KINDS,
): Promise<{ context: BrowserContext; page: Page }> => {
  const { defaultBrowserType: _, ...options } = { defaultBrowserType: undefined, ...KINDS[kind] };
  const context = await browser.newContext({ ...options, baseURL: baseUrl(), locale: 'en-GB' });
  return { context, page: await context.newPage() };
};

export const signUp = async (page: Page, { name, email, password }: Account): Promise<void> => {
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).toHaveURL(/\/$/);
};

export const signIn = async (page: Page, { email, password }: Account): Promise<void> => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/$/);
};

export const composer = (page: Page) => page.getByTestId('composer');

export const say = async (page: Page, text: string): Promise<void> => {
  await composer(page).fill(text);
  await composer(page).press('Enter');
};

/** The messages in the conversation that hold this text. */
export const said = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });

/** What a device shows, in order: place, state and text of each message. */
export const shown = (page: Page): Promise<string[]> =>
  page.getByTestId('message').evaluateAll((rows) =>
    rows.map((row) => {
      const body = row.querySelector('[data-testid="message-body"]') as HTMLElement | null;
      const { seq, state } = (row as HTMLElement).dataset;
      return `${seq} ${state} ${body?.innerText.trim() ?? ''}`;
    }),
  );

/** Waits until all devices show the same, that it holds `texts` in this order, and that nothing is under way. */
export const agree = async (pages: Page[], texts: unknown[]): Promise<void> => {
  await expect(async () => {
    const [first = [], ...others] = await Promise.all(pages.map(shown));
    for (const other of others) expect(other).toEqual(first);
    expect(first.filter((line) => / (pending|failed) /.test(line))).toEqual([]);
    const said = first.filter((line) => / sent /.test(line)).map((line) => line.replace(/^\d+ sent /, ''));
    expect(said).toEqual(texts);
  }).toPass({ timeout: 15_000 });
};
