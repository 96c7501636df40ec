import { skipOnInstallation } from '@lockstep/testing/kit';
import type { BrowserContext, Page } from '@playwright/test';
import { devtools, expect, test } from './local-store/pages.ts';

skipOnInstallation('it is about the browser alone');

const stand = (page: Page) =>
  page.evaluate(() => {
    const { tools } = window;
    tools.tabs = tools.browserTabs('lockstep-me');
    tools.tabs.lead({
      onLead: () => tools.reported.push('lead'),
      onLeadershipLost: () => tools.reported.push('lost lead'),
    });
    tools.tabs.listen((message) => tools.heard.push(message.type));
  });

const wait = (page: Page) => page.evaluate(() => window.tools.tabs?.waiting(true));
const leads = (page: Page) => page.evaluate(() => window.tools.reported.at(-1) === 'lead');
const reported = (page: Page) => page.evaluate(() => window.tools.reported);

/** Three tabs of one browser, of which the first leads. */
const threeTabs = async (openTab: () => Promise<Page>) => {
  const pages = [await openTab(), await openTab(), await openTab()] as const;
  for (const page of pages) await stand(page);
  const [first, second, third] = pages;
  await expect.poll(() => leads(first)).toBe(true);
  expect([await leads(second), await leads(third)]).toEqual([false, false]);
  return { first, second, third };
};

/** Filled with what the browser says when it loads a page instead of taking it out of its cache. */
const reasonsNotRestored = async (context: BrowserContext, page: Page): Promise<string[]> => {
  const reasons: string[] = [];
  const session = await devtools(context, page);
  await session.send('Page.enable');
  session.on('Page.backForwardCacheNotUsed', ({ notRestoredExplanations }) => {
    reasons.push(...notRestoredExplanations.map(({ reason }) => reason));
  });
  return reasons;
};

const oneOf = (...pages: Page[]) =>
  expect.poll(async () => (await Promise.all(pages.map(leads))).filter(Boolean).length);

test('the leader is closed: another one leads', async ({ openTab }) => {
  const { first, second, third } = await threeTabs(openTab);
  await first.close();
  await oneOf(second, third).toBe(1);
});

test('the leader crashes: another one leads', async ({ openTab, context }) => {
  const { first, second, third } = await threeTabs(openTab);
  const crashed = first.waitForEvent('crash');
  const cdp = await devtools(context, first);
  cdp.send('Page.crash').catch(() => {});
  await crashed;
  await oneOf(second, third).toBe(1);
});

test('the leader is frozen by the browser: another one leads', async ({ profile }) => {
  const { first, second, third } = await threeTabs(profile.openTab);
  const cdp = await devtools(profile.context, first);
  await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
  await oneOf(second, third).toBe(1);
  await cdp.send('Page.setWebLifecycleState', { state: 'active' });
  await expect.poll(() => reported(first)).toEqual(['lead', 'lost lead']);
  await oneOf(first, second, third).toBe(1);
});

test('the leader stands still without notice: who waits replaces it, and it learns of that', async ({
  openTab,
  context,
}) => {
  const { first, second, third } = await threeTabs(openTab);
  const cdp = await devtools(context, first);
  await cdp.send('Debugger.enable');
  const paused = new Promise((resolve) => cdp.once('Debugger.paused', resolve));
  await cdp.send('Debugger.pause');
  await wait(third);
  await paused;
  await expect.poll(() => leads(third)).toBe(true);
  expect(await reported(second)).toEqual([]);
  await cdp.send('Debugger.resume');
  await cdp.send('Debugger.disable');
  await expect.poll(() => reported(first)).toEqual(['lead', 'lost lead']);
  await third.close();
  await oneOf(first, second).toBe(1);
});

test('a leader that answers is left alone', async ({ openTab, context }) => {
  const { first, second } = await threeTabs(openTab);
  const cdp = await devtools(context, second);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await wait(second);
  // Ten signs of life: more than twice what would have been enough to replace it.
  const asked = await second.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0;
        new BroadcastChannel('lockstep-me').addEventListener('message', ({ data }) => {
          if (data.kind === 'here' && ++count === 10) resolve(count);
        });
      }),
  );
  expect(asked).toBe(10);
  expect([await reported(first), await reported(second)]).toEqual([['lead'], []]);
});

test('gone to another page and back, by a new load: the tab leads no longer, and stands again', async ({
  openTab,
  origin,
}) => {
  const { first, second, third } = await threeTabs(openTab);
  await first.goto(`${origin}/elsewhere`);
  await oneOf(second, third).toBe(1);
  await first.goBack();
  // Playwright switches the back-forward cache off.
  expect(await reported(first)).toEqual([]);
  await stand(first);
  expect(await leads(first)).toBe(false);
  for (const other of [second, third]) await other.close();
  await oneOf(first).toBe(1);
  expect(await reported(first)).toEqual(['lead']);
});

test('gone to another page and back, out of the back-forward cache: it learns that it leads no longer, and stands again', async ({
  profile,
  origin,
}) => {
  const { first, second, third } = await threeTabs(profile.openTab);
  const why = await reasonsNotRestored(profile.context, first);
  await first.goto(`${origin}/elsewhere`);
  await oneOf(second, third).toBe(1);
  // A page that comes out of the cache is not loaded.
  await first.goBack({ waitUntil: 'commit' });
  await expect.poll(async () => why.length > 0 || (await reported(first)).includes('lost lead')).toBe(true);
  test.skip(
    why.includes('BackForwardCacheDisabledForDelegate'),
    'this browser has no back-forward cache (the one from npm is a headless shell)',
  );
  // The same page as before, with what it was told then.
  await expect.poll(() => reported(first)).toEqual(['lead', 'lost lead']);
  await oneOf(second, third).toBe(1);
  for (const other of [second, third]) await other.close();
  await oneOf(first).toBe(1);
  expect(await reported(first)).toEqual(['lead', 'lost lead', 'lead']);
});

test('what one tab says, the others hear', async ({ openTab }) => {
  const { first, second, third } = await threeTabs(openTab);
  await second.evaluate(() => window.tools.tabs?.post({ type: 'interest', conversationId: 'c' }));
  for (const page of [first, third])
    await expect.poll(() => page.evaluate(() => window.tools.heard)).toEqual(['interest']);
  expect(await second.evaluate(() => window.tools.heard)).toEqual([]);
});
