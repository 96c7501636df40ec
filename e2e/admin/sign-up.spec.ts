import { firstAdminCodeOf } from '@lockstep/core';
import { enter, expect, newAccount, openBrowser, type Person } from '@lockstep/testing/kit';
import type { APIRequestContext, Page } from '@playwright/test';
import { withOwnServer } from '../devices/fixtures.ts';
import { findings } from '../findings.ts';

const test = withOwnServer();

const fill = async (page: Page, name: string) => {
  const account = newAccount(name);
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  return account;
};
/** Values of `next` that lead to another site, some of them only once they are resolved. */
const HOSTILE = ['/..//evil.example', '//evil.example', '/\\evil.example', 'https://evil.example/'] as const;
/** The redirect target of a page. */
const leadsTo = async (request: APIRequestContext, path: string): Promise<string> => {
  const answer = await request.get(path, { maxRedirects: 0 });
  return answer.headers().location ?? `no redirect, but ${answer.status()}`;
};
const create = (page: Page) => page.getByRole('button', { name: 'Create account' }).click();

test('the first account from elsewhere needs the code; a used invitation to an open workspace; another address', async ({
  browser,
  stack,
  people,
}) => {
  const open = async (extraHTTPHeaders: Record<string, string> = {}) => {
    const context = await openBrowser(browser, 'laptop', { baseURL: stack.url, extraHTTPHeaders });
    return { context, page: await context.newPage() };
  };

  await test.step('the setup code', async () => {
    const { context, page } = await open({ 'x-forwarded-for': '203.0.113.7' });
    await page.goto('/sign-up');
    const code = page.getByLabel('Setup code');
    await expect(code).toHaveAccessibleDescription(/Lockstep printed this code/);
    await fill(page, 'Admin');
    await create(page);
    await expect(page.getByText('Enter the code that Lockstep printed')).toBeVisible();
    const right = firstAdminCodeOf({
      AUTH_SECRET: stack.env.AUTH_SECRET ?? null,
      DATA_DIR: stack.env.DATA_DIR ?? '',
    });
    // As people type it.
    await code.fill(` ${right.toLowerCase().replaceAll('-', ' ')}`);
    await create(page);
    await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();

    const made = await context.request.post('/api/trpc/invitations.create', {
      headers: { origin: stack.url },
      data: {},
    });
    const { code: invitation } = (await made.json()).result.data as { code: string };
    const used = { ...newAccount('Ben'), invitation };
    await enter(stack.url, 'auth.signUp', used);
    for (const name of ['people', 'audit', 'history', 'exports']) {
      await page.goto(`/admin/${name}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
      expect.soft(await findings({ page }), name).toEqual([]);
    }
    await context.close();

    const late = await open();
    // And with a `next` that leads to another site once it is resolved.
    await late.page.goto(`/sign-up?invite=${invitation}&next=${encodeURIComponent(HOSTILE[0])}`);
    await fill(late.page, 'Cyd');
    await create(late.page);
    await expect(late.page.getByText('This invitation link is used up or has expired.')).toBeVisible();
    await late.page.getByRole('link', { name: 'Sign up without the invitation' }).click();
    await fill(late.page, 'Cyd');
    await create(late.page);
    await expect(late.page.getByRole('button', { name: 'Account menu' })).toBeVisible();
    await expect(late.page).toHaveURL(`${stack.url}/`);
    for (const [page, next] of ['sign-in', 'sign-up'].flatMap((one) =>
      HOSTILE.map((each) => [one, each] as const),
    ))
      expect(await leadsTo(late.context.request, `/${page}?next=${encodeURIComponent(next)}`), next).toBe(
        '/',
      );
    await late.context.close();
  });

  await test.step('who is not signed in comes back to where they were, which is here whatever they asked for', async () => {
    const { context } = await open();
    expect(await leadsTo(context.request, '/c/1?q=//evil.example')).toBe(
      `/sign-in?next=${encodeURIComponent('/c/1?q=//evil.example')}`,
    );
    for (const path of [
      '/c/..%2F..%2F%2Fevil.example',
      '/admin/..%5C..%5C%5Cevil.example',
      '/admin/people?next=//evil.example',
    ]) {
      const to = new URL(await leadsTo(context.request, path), stack.url);
      const back = new URL(to.searchParams.get('next') ?? '', stack.url);
      expect([to.origin, to.pathname, back.origin], path).toEqual([stack.url, '/sign-in', stack.url]);
    }
    await context.close();
  });

  await test.step('the address that the server was not told of', async () => {
    const [dora]: Person[] = await people('Dora');
    const signIn = async (page: Page) => {
      await page.getByLabel('E-mail').fill(dora?.email ?? '');
      await page.getByLabel('Password', { exact: true }).fill(dora?.password ?? '');
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    const other = stack.url.replace('localhost', '127.0.0.1');
    const context = await openBrowser(browser, 'laptop', { baseURL: other });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await signIn(page);
    await expect(
      page.getByText(`Lockstep is set up for ${stack.url}, but you opened ${other}.`),
    ).toBeVisible();
    await expect(page.getByText(`PUBLIC_URL=${other}`)).toBeVisible();
    await page.goto(`${stack.url}/sign-in?next=${encodeURIComponent(HOSTILE[0])}`);
    await signIn(page);
    await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
    await expect(page).toHaveURL(`${stack.url}/`);
    await context.close();
  });
});
