import { type Account, openBrowser, signUpPath } from '@lockstep/testing/kit';
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';

/**
 * For tests of what comes before a device is signed in: by the forms, in a browser of one's own. The others have people
 * and devices from the kit (docs/testing.md).
 */
export { type Account, newAccount as account } from '@lockstep/testing/kit';

export const device = async (
  browser: Browser,
  kind: 'laptop' | 'phone',
): Promise<{ context: BrowserContext; page: Page }> => {
  const context = await openBrowser(browser, kind);
  return { context, page: await context.newPage() };
};

export const signUp = async (page: Page, { name, email, password }: Account): Promise<void> => {
  await page.goto(signUpPath());
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

/** The service worker is there, holds the whole build, and is in charge of this page. */
export const installed = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((done) =>
      navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }),
    );
  });

export const composer = (page: Page) => page.getByTestId('composer');

export const say = async (page: Page, text: string): Promise<void> => {
  await composer(page).fill(text);
  await page.getByTestId('send').click();
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
  }).toPass({ timeout: 40_000 });
};
