import { channel, type Device, expect, group, send, test } from '@lockstep/testing/kit';
import { findings } from './findings.ts';
import { device as ownBrowser } from './people.ts';

/** What axe finds in the light, and in the dark. */
const inBothThemes: typeof findings = async (at, within) => {
  const html = at.page.locator('html');
  const light = await findings(at, within);
  await at.page.emulateMedia({ colorScheme: 'dark' });
  await expect(html).toHaveClass(/\bdark\b/);
  const dark = await findings(at, within);
  await at.page.emulateMedia({ colorScheme: 'light' });
  await expect(html).not.toHaveClass(/\bdark\b/);
  return [...light, ...dark.map((line) => `in the dark: ${line}`)];
};

/** What opens above a conversation on a wide screen: how, what it is in, and whether the dark is looked at too. */
const openings = ({ page, composer }: Device): [string, () => Promise<void>, string, typeof findings?][] => {
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const fromMenu = async (menu: string | RegExp, name: string) => {
    await button(menu);
    await page.getByRole('menuitem', { name, exact: true }).click();
  };
  return [
    ['the menu of the conversation', () => button('More actions'), '[role=menu]'],
    ['the menu of what is new', () => button(/^New$/), '[role=menu]'],
    ['the switcher', () => page.keyboard.press('ControlOrMeta+k'), '[data-testid=switcher]', inBothThemes],
    ['the calendar', () => button('Jump to date'), '[data-testid=calendar]', inBothThemes],
    ['a new group', () => fromMenu(/^New$/, 'New group'), '[role=dialog]', inBothThemes],
    ['a new channel', () => fromMenu(/^New$/, 'New channel'), '[role=dialog]'],
    ['adding people', () => button('Add people'), '[role=dialog]'],
    [
      'people who are not there',
      async () => {
        await button('Add people');
        await page.getByRole('combobox', { name: 'Search people' }).fill('zzzz');
        await expect(page.getByText('Nobody matches')).toBeVisible();
      },
      '[role=dialog]',
    ],
    ['one’s name', () => fromMenu('Account menu', 'Change your name'), '[role=dialog]'],
    ['people to mention', () => composer.fill('@'), '[data-testid=mention-list]'],
  ];
};

test('axe finds nothing: list, conversation, menus, dialogs, search, settings; wide and on phones, light and dark, in Chinese', async ({
  people,
  device,
  browser,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const [trip] = await Promise.all([group('Trip', alice, ben), channel('General', alice, ben)]);
  await send(ben, trip, '- [ ] pack\n- [x] **book** `code`\n\n```js\nconst a = 1;\n```\nhttps://example.org');
  await send(ben, trip, `<@${alice.id}> look`);
  await send(alice, trip, 'fine');

  await test.step('at the door', async () => {
    const { page, context } = await ownBrowser(browser, 'laptop');
    for (const path of ['/sign-in', '/sign-up']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect.soft(await findings({ page }), path).toEqual([]);
    }
    await context.close();
  });

  const inSearchAndSettings = async (at: Device, look: typeof findings) => {
    const { page } = at;
    await page.goto('/search');
    await page.getByTestId('search-field').fill('pack');
    await expect(page.getByTestId('search-hit').first()).toBeVisible();
    expect.soft(await look(at), 'search').toEqual([]);
    for (const section of ['devices', 'password', 'writing']) {
      await page.goto(`/settings/${section}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect.soft(await findings(at), section).toEqual([]);
    }
  };

  await test.step('laptop', async () => {
    const at = await device(alice, 'laptop', { context: { reducedMotion: 'reduce' } });
    const { page } = at;
    expect.soft(await findings(at), 'the list').toEqual([]);
    await at.open(trip);
    await at.openMembers();
    await expect(page.getByRole('region', { name: 'Members' })).toContainText(ben.name);
    expect.soft(await inBothThemes(at), 'a conversation, and its members').toEqual([]);
    for (const [name, open, within, look = findings] of openings(at)) {
      await open();
      await expect(page.locator(within)).toBeVisible();
      // What is beside it is hidden from everybody until it closes.
      expect.soft(await look(at, within), name).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.locator(within)).toBeHidden();
    }
    await inSearchAndSettings(at, inBothThemes);
    await at.context.addCookies([{ name: 'locale', value: 'zh-CN', url: new URL('/', page.url()).href }]);
    await page.goto(`/c/${trip.id}`);
    await expect(at.settled).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    expect.soft(await findings(at), 'a conversation, in Chinese').toEqual([]);
  });

  await test.step('phone', async () => {
    const at = await device(alice, 'phone', { context: { reducedMotion: 'reduce' } });
    const { page } = at;
    expect.soft(await findings(at), 'the list').toEqual([]);
    await at.open(trip);
    expect.soft(await findings(at), 'a conversation').toEqual([]);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Details and members' }).click();
    await expect(page.getByRole('region', { name: 'Members' })).toContainText(ben.name);
    expect.soft(await findings(at, '[role=dialog]'), 'its members').toEqual([]);
    await inSearchAndSettings(at, findings);
  });
});
