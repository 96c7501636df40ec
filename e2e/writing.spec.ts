import { converged, type Device, direct, expect, group, send, test } from '@lockstep/testing/kit';

/** What a key of another layout sends: the letter of that layout, on the key of a Latin one. */
const pressLayout = async (device: Device, key: string, code: string, modifiers: KeyboardEventInit) => {
  const event: KeyboardEventInit = { key, code, ...modifiers, bubbles: true, cancelable: true };
  await device.page.evaluate(
    (json) =>
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', JSON.parse(json) as KeyboardEventInit),
      ),
    JSON.stringify(event),
  );
};

const conflict = (device: Device) => device.page.getByTestId('edit-conflict');

test('a phone: the send button takes the word that is composed, Enter makes a line', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const phone = await device(alice, 'phone');
  await phone.open(trip);
  await phone.composer.focus();
  await phone.compose('hello');
  await phone.page.getByTestId('send').click();
  await expect(phone.said('hello')).toHaveAttribute('data-state', 'sent');
  await expect(phone.composer).toHaveValue('');

  await test.step('the list of people follows the word', async () => {
    await phone.composer.fill('@');
    await phone.compose(ben.name.slice(0, 5));
    await phone.page.getByTestId('mention-option').filter({ hasText: ben.name }).click();
    await expect(phone.composer).toHaveValue(`@${ben.name} `);
    await phone.composer.fill('');
  });

  await phone.composer.fill('first line');
  await phone.composer.press('Enter');
  await phone.page.keyboard.type('second line');
  expect(await phone.draft()).toBe('first line\nsecond line');
  await phone.page.getByTestId('send').click();
  await expect(phone.said('second line')).toHaveAttribute('data-state', 'sent');
});

test('what Enter does is chosen in the settings, by the keyboard too; the default is that of the device', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const { laptop, phone } = await devices(alice);
  const choice = ({ page }: Device, name: string) =>
    page.getByRole('radio', { name: new RegExp(`^${name}`) });
  for (const { page } of [laptop, phone]) await page.goto('/settings/writing');
  await expect(choice(laptop, 'Enter sends')).toBeChecked();
  await expect(choice(phone, 'Enter starts a new line')).toBeChecked();

  await choice(laptop, 'Enter sends').focus();
  // Held until it has moved, as a finger does.
  await laptop.page.keyboard.down('ArrowDown');
  await expect(choice(laptop, 'Enter starts a new line')).toBeChecked();
  await laptop.page.keyboard.up('ArrowDown');
  await laptop.open(trip);
  await laptop.composer.pressSequentially('one');
  await laptop.composer.press('Enter');
  await laptop.composer.pressSequentially('two');
  expect(await laptop.draft()).toBe('one\ntwo');
  await laptop.composer.press('Control+Enter');
  await expect(laptop.said('two')).toHaveAttribute('data-state', 'sent');

  await choice(phone, 'Enter sends').tap();
  await phone.open(trip);
  await phone.composer.fill('from the phone');
  await phone.composer.press('Enter');
  await expect(phone.said('from the phone')).toHaveAttribute('data-state', 'sent');
  await laptop.page.reload();
  await laptop.composer.fill('kept');
  await laptop.composer.press('Enter');
  expect(await laptop.draft()).toBe('kept\n');
});

test('Enter that ends a composition saves and chooses nothing, in any field', async ({ people, device }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const laptop = await device(alice, 'laptop');
  await laptop.open(trip);
  const end = (field: ReturnType<Device['page']['locator']>) =>
    field.dispatchEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 229, isComposing: false });

  await laptop.page.keyboard.press('Control+k');
  const switcher = laptop.page.getByTestId('switcher').getByRole('combobox');
  await switcher.fill('Tr');
  await expect(laptop.page.getByTestId('switcher-choice').first()).toBeVisible();
  await end(switcher);
  await expect(laptop.page.getByTestId('switcher')).toBeVisible();
  await laptop.page.keyboard.press('Escape');

  await laptop.openMembers();
  await laptop.page.getByRole('button', { name: 'Rename' }).click();
  const rename = laptop.page.getByRole('textbox', { name: 'Rename' });
  await rename.fill('Tri');
  await end(rename);
  await expect(rename).toHaveValue('Tri');
  await rename.press('Escape');

  const filter = laptop.page.getByRole('combobox', { name: 'Filter' });
  await laptop.home();
  await filter.fill('Tri');
  await end(filter);
  await expect(laptop.page).toHaveURL(/\/$/);
  await filter.press('Escape');

  await laptop.page.getByRole('button', { name: 'New', exact: true }).click();
  await laptop.page.getByRole('menuitem', { name: 'New group' }).click();
  const dialog = laptop.page.getByRole('dialog');
  const picker = dialog.getByRole('combobox');
  await picker.fill(ben.name);
  await expect(dialog.getByRole('option', { name: ben.name })).toBeVisible();
  await end(picker);
  await expect(picker).toHaveValue(ben.name);

  await test.step('nor does it send a form, nor Escape that ends one close a dialog', async () => {
    const title = dialog.getByLabel('Group name');
    await title.focus();
    await laptop.compose('にほん');
    // As the browser itself gets the key of an input method.
    const cdp = await laptop.context.newCDPSession(laptop.page);
    for (const key of ['Enter', 'Escape'])
      await cdp.send('Input.dispatchKeyEvent', {
        type: 'rawKeyDown',
        windowsVirtualKeyCode: 229,
        key,
        code: key,
      });
    await laptop.commit('日本');
    await expect(title).toHaveValue('日本');
    await expect(title).not.toHaveAttribute('aria-invalid', 'true');
    await title.fill('');
    await title.press('Enter');
    await expect(title).toHaveAttribute('aria-invalid', 'true');
    await title.press('Escape');
    await expect(dialog).toBeHidden();
  });
});

test('keys of a Cyrillic layout; on a Mac the keys of the text stay with it', async ({ people, device }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const laptop = await device(alice, 'laptop');
  await laptop.open(trip);
  await pressLayout(laptop, 'л', 'KeyK', { ctrlKey: true });
  await expect(laptop.page.getByTestId('switcher')).toBeVisible();
  await laptop.page.keyboard.press('Escape');
  await expect(laptop.page.getByTestId('switcher')).toBeHidden();
  await laptop.composer.fill('bold');
  await laptop.composer.selectText();
  await pressLayout(laptop, 'и', 'KeyB', { ctrlKey: true });
  await expect(laptop.composer).toHaveValue('**bold**');
  await laptop.composer.fill('');
  await laptop.row(trip).focus();
  // As on a German keyboard.
  await pressLayout(laptop, '/', 'Digit7', { shiftKey: true });
  await expect(laptop.page.getByTestId('search-field')).toBeFocused();

  const mac = await device(alice, 'laptop');
  await mac.context.addInitScript(() =>
    Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' }),
  );
  await mac.page.reload();
  await mac.open(trip);
  await mac.composer.fill('some words');
  for (const [key, code] of [
    ['e', 'KeyE'],
    ['b', 'KeyB'],
    ['f', 'KeyF'],
    ['k', 'KeyK'],
  ] as const)
    await pressLayout(mac, key, code, { ctrlKey: true });
  await pressLayout(mac, 'ArrowUp', 'ArrowUp', { altKey: true });
  await expect(mac.composer).toHaveValue('some words');
  await expect(mac.page.getByTestId('switcher')).toBeHidden();
  expect(new URL(mac.page.url()).pathname).toBe(`/c/${trip.id}`);
  await pressLayout(mac, 'k', 'KeyK', { metaKey: true });
  await expect(mac.page.getByTestId('switcher')).toBeVisible();
});

test('an edit that was not saved is kept: another conversation, message or language, a reload, a search; leaving asks', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const [trip, other] = await Promise.all([group('Trip', alice, ben), group('Other', alice, ben)]);
  await send(alice, trip, 'first');
  await send(alice, trip, 'second');
  const laptop = await device(alice, 'laptop');
  const begin = async (text: string) => {
    await laptop.said(text).focus();
    await laptop.said(text).press('e');
  };
  await laptop.open(trip);
  await begin('first');
  await laptop.write('first, changed');
  await laptop.open(other);
  await laptop.open(trip);
  await expect(laptop.composer).toHaveValue('first, changed');
  await begin('second');
  await expect(laptop.composer).toHaveValue('second');
  await begin('first');
  await expect(laptop.composer).toHaveValue('first, changed');
  await laptop.page.reload();
  await expect(laptop.composer).toHaveValue('first, changed');
  await laptop.page.getByTestId('open-search').click();
  await laptop.page.getByTestId('search-field').press('Escape');
  await expect(laptop.composer).toHaveValue('first, changed');

  const question = laptop.page.getByRole('alertdialog');
  await laptop.composer.press('Escape');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(laptop.composer).toHaveValue('first, changed');
  await laptop.submit();
  await expect(laptop.said('first, changed')).toHaveAttribute('data-state', 'sent');
  await expect(laptop.composer).toHaveValue('');

  await begin('second');
  await laptop.write('not this');
  await laptop.composer.press('Escape');
  await question.getByRole('button', { name: 'Discard' }).click();
  await expect(laptop.composer).toHaveValue('');
  await begin('second');
  await expect(laptop.composer).toHaveValue('second');

  await laptop.write('second, in two languages');
  await laptop.page.getByRole('button', { name: 'Account menu' }).click();
  await laptop.page.getByRole('menuitem', { name: 'Language' }).click();
  await laptop.page.getByRole('menuitemradio', { name: '简体中文' }).click();
  await expect(laptop.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(laptop.composer).toHaveValue('second, in two languages');
});

test('the same message edited on two devices: the second sees both texts', async ({ people, devices }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const { seq } = await send(alice, trip, 'at six');
  const { laptop, phone } = await devices(alice);
  await Promise.all([laptop.open(trip), phone.open(trip)]);
  await laptop.said('at six').focus();
  await laptop.said('at six').press('e');
  await laptop.write('at six, by the lake');
  // The laptop hears of it only when it saves.
  await laptop.losePushes();
  await alice.api.mutate('messages.edit', { conversationId: trip.id, seq, body: 'at seven' });
  await laptop.submit();
  await expect(conflict(laptop)).toContainText('at seven');
  await expect(laptop.composer).toHaveValue('at six, by the lake');
  await conflict(laptop).getByRole('button', { name: 'Keep my text' }).click();
  await expect(conflict(laptop)).toBeHidden();
  await laptop.submit();
  await expect(phone.said('at six, by the lake')).toHaveAttribute('data-state', 'sent');
  await laptop.online();
  await converged(laptop, phone);
});

/** In the page: what comes with a file, and how an event with it ends. */
const fireWithFile = (device: Device, type: 'dragover' | 'drop' | 'paste', on: string, text = '') =>
  device.page.evaluate(
    ([type, on, text]) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'plan.pdf', { type: 'application/pdf' }));
      if (text) data.setData('text/plain', text);
      const options = { bubbles: true, cancelable: true };
      const event =
        type === 'paste'
          ? new ClipboardEvent(type, { clipboardData: data, ...options })
          : new DragEvent(type, { dataTransfer: data, ...options });
      return !document.querySelector(on)?.dispatchEvent(event);
    },
    [type, on, text] as const,
  );

const refusesFiles = async (laptop: Device): Promise<void> => {
  const { page, composer } = laptop;
  const answer = page.getByText('Files can’t be sent yet.');
  /** Says so, and by a new note the next time. */
  const answered = async () => {
    await expect(answer).toBeVisible();
    await expect(answer).toHaveCount(0);
  };
  for (const on of ['body', '[data-testid=composer]'])
    for (const type of ['dragover', 'drop'] as const)
      expect(await fireWithFile(laptop, type, on), `${type} on ${on}`).toBe(true);
  await answered();
  expect(await fireWithFile(laptop, 'paste', 'body')).toBe(true);
  // Finder and others put the name of the file beside it.
  expect(await fireWithFile(laptop, 'paste', '[data-testid=composer]', 'plan.pdf')).toBe(true);
  await answered();

  /** By the clipboard of the browser; `text` beside the picture, as office programs do. */
  const pastePicture = async (text?: string) => {
    await page.evaluate(async (text) => {
      const canvas = new OffscreenCanvas(2, 2);
      canvas.getContext('2d');
      const parts: Record<string, Blob> = { 'image/png': await canvas.convertToBlob() };
      if (text) parts['text/plain'] = new Blob([text], { type: 'text/plain' });
      await navigator.clipboard.write([new ClipboardItem(parts)]);
    }, text);
    await composer.press('Control+v');
  };
  await pastePicture();
  await answered();
  expect(await laptop.draft()).toBe('');
  await pastePicture('a cell of a table');
  await expect(composer).toHaveValue('a cell of a table');
  await expect(answer).toBeHidden();
};

test('code goes on after Enter, files are answered, a link is pasted over words, a name is a mention', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const chat = await direct(alice, ben);
  await send(ben, chat, 'hi');
  const laptop = await device(alice, 'laptop');
  await laptop.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await laptop.open(chat);

  await laptop.composer.pressSequentially('```js');
  await laptop.composer.press('Enter');
  await laptop.composer.pressSequentially('a()');
  await laptop.composer.press('Enter');
  await laptop.composer.pressSequentially('```');
  expect(await laptop.draft()).toBe('```js\na()\n```');
  await laptop.composer.press('Enter');
  await expect(laptop.said('a()')).toHaveAttribute('data-state', 'sent');

  await test.step('what shows nothing is not sent', async () => {
    await laptop.composer.fill('\u200b');
    await expect(laptop.page.getByText('This text has no visible characters')).toBeVisible();
    await expect(laptop.page.getByTestId('send')).toBeDisabled();
    await laptop.composer.press('Enter');
    expect(await laptop.draft()).toBe('\u200b');
    await laptop.composer.fill('');
  });

  await test.step('files and pictures, dropped and pasted', () => refusesFiles(laptop));

  await laptop.composer.fill('see the plan');
  await laptop.page.evaluate(() => navigator.clipboard.writeText('https://example.org/plan'));
  await laptop.composer.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(4, 12));
  await laptop.composer.press('Control+v');
  await expect(laptop.composer).toHaveValue('see [the plan](https://example.org/plan)');
  await laptop.composer.press('Control+z');
  await expect(laptop.composer).toHaveValue('see https://example.org/plan');

  await laptop.composer.fill(`@${ben.name} please`);
  await laptop.submit();
  await expect(laptop.said('please').getByTestId('mention')).toHaveText(`@${ben.name}`);
});

test('a draft that was cleared does not come back with a reload', async ({ people, device }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const laptop = await device(alice, 'laptop');
  await laptop.open(trip);
  await laptop.write('never mind');
  await converged(laptop);
  await laptop.write('');
  await laptop.page.reload();
  await expect(laptop.settled).toBeVisible();
  await laptop.page.waitForFunction(() => globalThis.__lockstep?.inspect().caughtUp);
  await expect(laptop.composer).toHaveValue('');
});

test('a key asks no media query: each would lay out the page', async ({ people, device }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const laptop = await device(alice, 'laptop');
  await laptop.open(await group('Trip', alice, ben));
  await laptop.composer.focus();
  await laptop.page.evaluate(() => {
    const asked: string[] = [];
    const ask = window.matchMedia.bind(window);
    window.matchMedia = (query) => {
      asked.push(query);
      return ask(query);
    };
    Object.assign(window, { asked });
  });
  await laptop.page.keyboard.type('some letters');
  expect(await laptop.draft()).toBe('some letters');
  expect(await laptop.page.evaluate(() => (window as unknown as { asked: string[] }).asked)).toEqual([]);
});
