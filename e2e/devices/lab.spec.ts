import { expect, group, isInstallation, type Person, send, signUpPerson, test } from '@lockstep/testing/kit';
import type { FrameLocator, Page } from '@playwright/test';
import { signIn } from '../people.ts';
import { startStack } from '../stack.ts';

const labAddress = (url: string, ...people: Person[]): string =>
  `${url}/lab#${new URLSearchParams(people.map(({ id, name }) => ['device', `${id} ${name}`]))}`;

const light = (page: Page) => page.getByTestId('lab-light');
const frame = (page: Page, slot: string): FrameLocator =>
  page.getByTestId(`device-${slot}`).frameLocator('iframe');

test('the Device Lab: two write offline, the light goes out and on again, all frames show the same', async ({
  people,
  page,
  serverUrl,
}) => {
  test.skip(isInstallation(), 'the Device Lab is only in development and test runs');
  test.setTimeout(120_000);
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'Shall we sail on Sunday?');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(labAddress(serverUrl, alice, alice, ben));
  await expect(page).toHaveURL(/^http:\/\/lab\.localhost:\d+\/lab#device=/);
  // Three clients start at once.
  await expect(light(page)).toHaveAttribute('data-verdict', 'agree');

  await test.step('each is a device of its own', async () => {
    for (const slot of ['a', 'b', 'c']) {
      await expect(page.getByTestId(`device-${slot}`).locator('[data-gauge=digest]')).toHaveText(
        /^[0-9a-f]{8}$/,
      );
    }
    const digests = await page.locator('[data-gauge=digest]').allInnerTexts();
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
  });

  await test.step('offline is offline: the device waits, and the light says so', async () => {
    await page
      .getByTestId('device-a')
      .getByRole('radio', { name: /^Offline/ })
      .click();
    await expect(page.getByTestId('device-a')).toHaveAttribute('data-mode', 'offline');
    // It tries again, without success.
    const attempt = await page.waitForEvent('websocket', (each) => new URL(each.url()).host.startsWith('a.'));
    await expect.poll(() => attempt.isClosed()).toBe(true);
    await send(ben, trip, 'Anyone?');
    await expect(frame(page, 'b').getByText('Anyone?').first()).toBeVisible();
    await expect(light(page)).toHaveAttribute('data-verdict', 'moving');
    await expect(frame(page, 'a').getByText('Anyone?')).toHaveCount(0);
    await page.getByTestId('device-a').getByRole('radio', { name: 'Online' }).click();
    await expect(light(page)).toHaveAttribute('data-verdict', 'agree');
  });

  await test.step('the scenario', async () => {
    await page.getByRole('button', { name: 'Scenarios' }).click();
    await page.getByRole('menuitem', { name: 'Two write offline' }).click();
    await expect(page.getByTestId('scenario-playing')).toBeVisible();
    await expect(page.getByTestId('scenario-playing')).toHaveCount(0);
    await expect(light(page)).toHaveAttribute('data-verdict', 'agree');
    for (const slot of ['a', 'b', 'c'])
      for (const text of ['device A, 1', 'device A, 2', 'device B, 1', 'device B, 2'])
        await expect(frame(page, slot).getByTestId('message').filter({ hasText: text })).toHaveCount(1);
  });
});

test('none of it is there where people are served', async ({ browser }) => {
  test.setTimeout(120_000);
  const stack = await startStack({ LOCKSTEP_TEST: '' });
  try {
    const person = await signUpPerson(stack.url, 'Alice');
    for (const path of [
      '/lab',
      '/lab/people',
      `/lab/digest?user=${person.id}`,
      `/lab/enter?user=${person.id}`,
    ]) {
      for (const host of [undefined, 'lab.localhost', 'a.lab.localhost']) {
        const answer = await fetch(stack.url + path, { headers: host ? { host } : {}, redirect: 'manual' });
        expect([path, host, answer.status]).toEqual([path, host, 404]);
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    }
    const context = await browser.newContext({ baseURL: stack.url, locale: 'en-GB' });
    const page = await context.newPage();
    await signIn(page, person);
    await expect(page.locator('[data-connection=online]')).toBeAttached();
    expect(
      await page.evaluate(() => ['__lockstep' in globalThis, 'lab' in document.documentElement.dataset]),
    ).toEqual([false, false]);
    await context.close();
  } finally {
    await stack.stop();
  }
});
