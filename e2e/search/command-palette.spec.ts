import { type Device, expect, group, send, test } from '@lockstep/testing/kit';

const choices = (device: Device, kind?: string) =>
  device.page.locator(`[data-testid=switcher-choice]${kind ? `[data-kind=${kind}]` : ''}`);

const open = async (device: Device, text: string): Promise<void> => {
  await device.page.keyboard.press('ControlOrMeta+k');
  await expect(device.page.getByTestId('switcher')).toBeVisible();
  await device.page.keyboard.type(text);
};

test('the switcher goes to a conversation by a part of its name and finds messages, also offline', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const room = await group('Engine room', alice, ben);
  const said = await send(ben, room, 'the lighthouse keeper waved');
  const laptop = await device(alice, 'laptop');
  await laptop.open(room);
  await laptop.offline();
  await open(laptop, 'trip');
  await expect(choices(laptop).first()).toHaveText('Harbour trip');
  await laptop.page.keyboard.press('Enter');
  await expect(laptop.page).toHaveURL(new RegExp(`/c/${trip.id}$`));
  await open(laptop, 'lighth');
  await choices(laptop, 'messages').filter({ hasText: 'lighthouse keeper' }).click();
  await expect(laptop.page).toHaveURL(new RegExp(`/c/${room.id}/${said.seq}$`));
});

test('the switcher finds messages, and people one has not written to yet', async ({ people, device }) => {
  const [alice, ben, bela] = await people('Alice', 'Ben', 'Béla');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'first things first');
  const said = await send(ben, trip, 'the **lighthouse** keeper waved');
  const laptop = await device(alice, 'laptop');

  await open(laptop, 'lighth');
  await expect(choices(laptop, 'messages')).toContainText('the lighthouse keeper waved');
  await expect(choices(laptop, 'messages').locator('mark')).toHaveText('lighthouse');
  // By keyboard: the search itself, and below it the message.
  await laptop.page.keyboard.press('ArrowDown');
  await laptop.page.keyboard.press('Enter');
  await expect(laptop.page).toHaveURL(new RegExp(`/c/${trip.id}/${said.seq}$`));
  await expect(laptop.settled).toBeVisible();

  // Without the accent, and in any case.
  const typed = bela.name.replace('Béla', 'bela');
  await open(laptop, typed);
  await choices(laptop, 'people').filter({ hasText: bela.name }).click();
  await expect(laptop.page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
  await laptop.say('nice to meet you');
  await expect(laptop.said('nice to meet you')).toBeVisible();
  // Now there is a conversation, so it is among these.
  await open(laptop, typed);
  await expect(choices(laptop, 'conversations')).toContainText(bela.name);
  await expect(choices(laptop, 'people')).toHaveCount(0);
});

test('signing out from the switcher asks first when something is unsent; on a phone a button closes it', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const phone = await device(alice, 'phone');
  await phone.open(trip);
  await open(phone, 'sign');
  await phone.page.getByTestId('switcher-close').click();
  await expect(phone.page.getByTestId('switcher')).toBeHidden();

  await phone.offline();
  await phone.say('not sent yet');
  await open(phone, 'sign out');
  await choices(phone, 'commands').click();
  const question = phone.page.getByRole('alertdialog');
  await expect(question).toContainText('1 message hasn’t been sent');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(phone.said('not sent yet')).toHaveAttribute('data-state', 'pending');
  await phone.online();
  await expect(phone.said('not sent yet')).toHaveAttribute('data-state', 'sent');

  await open(phone, 'sign out');
  await choices(phone, 'commands').click();
  await expect(phone.page).toHaveURL(/\/sign-in/);
});

test('what is typed next goes to what was opened, however busy the page is', async ({ people, device }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const room = await group('Engine room', alice, ben);
  const laptop = await device(alice, 'laptop');
  await laptop.open(trip);
  await laptop.page.locator(`a[href="/c/${room.id}"]`).waitFor();
  /** Where the next key would go, as soon as one of these has been handled. */
  const focusAfter = (act: { key: string } | { click: string }) =>
    laptop.page.evaluate(async (what) => {
      if ('key' in what) {
        const key = { key: what.key, ctrlKey: true, bubbles: true, cancelable: true };
        (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', key));
      } else document.querySelector<HTMLElement>(what.click)?.click();
      await new Promise((resolve) => setTimeout(resolve));
      return `${window.location.pathname} ${document.activeElement?.getAttribute('data-testid')}`;
    }, act);
  expect(await focusAfter({ key: 'k' })).toBe(`/c/${trip.id} switcher-field`);
  await laptop.page.keyboard.press('Escape');
  await expect(laptop.page.getByTestId('switcher')).toBeHidden();
  expect(await focusAfter({ key: 'f' })).toBe('/search search-field');
  expect(await focusAfter({ click: `a[href="/c/${room.id}"]` })).toBe(`/c/${room.id} composer`);
});
