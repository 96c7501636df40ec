import { type Device, expect, group, send, test } from '@lockstep/testing/kit';

test('what was typed is what is read, on each device', async ({ people, devices }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const typed = [
    '2*3*4 = 24 in pkg.__init__.py at \\\\srv\\share',
    'vector<std::string> &amp; [guide](docs/guide.md) [12:03]: done',
    'name    size\n  a.txt   12 *',
    'def __run__(self):\n    # comment\n    return a * b',
  ];
  for (const text of typed) await send(ben, trip, text);
  await send(ben, trip, '1. eggs\n2. milk\n4. bread');
  await send(ben, trip, '> are you coming?\nyes, at six');
  await send(ben, trip, '见https://example.org/a，谢谢。**注意：**明天');
  await send(ben, trip, '# שלום\n> ציטוט\n- אחת\n|א|ב|\n|-|-|\n|1|2|');

  const { laptop, phone } = await devices(alice);
  for (const { page, open } of [laptop, phone].map((device) => ({
    page: device.page,
    open: () => device.open(trip),
  }))) {
    await open();
    const bodies = page.getByTestId('message-body');
    for (const text of typed) {
      const [first = ''] = text.split('\n');
      const shown = await bodies
        .filter({ hasText: first })
        .evaluate((body) => (body as HTMLElement).innerText);
      expect(shown).toBe(text);
    }
    const list = bodies.filter({ hasText: 'eggs' });
    expect(await list.evaluate((body) => (body as HTMLElement).innerText)).toBe('1. eggs\n2. milk\n4. bread');
    const quote = bodies.filter({ hasText: 'are you coming?' });
    await expect(quote.locator('blockquote')).toHaveText('are you coming?');
    const chinese = bodies.filter({ hasText: '注意' });
    await expect(chinese.locator('a')).toHaveText('https://example.org/a');
    await expect(chinese.locator('strong')).toHaveText('注意：');
    const hebrew = bodies.filter({ hasText: 'שלום' });
    for (const part of ['p', 'blockquote', 'li', '.md-table'])
      await expect(hebrew.locator(part).first()).toHaveCSS('direction', 'rtl');
  }
  await expect(laptop.row(trip)).toContainText('Ben');
});

/** Where each of these words begins, in order of the row; from the left, in px. */
const beginnings = (row: ReturnType<Device['said']>, ...words: string[]): Promise<number[]> =>
  row.evaluate((element, words) => {
    const texts: Text[] = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    return words.map((word) => {
      const text = texts.find(({ data }) => data.includes(word));
      if (!text) throw new Error(`${word} is not there`);
      const range = document.createRange();
      range.setStart(text, text.data.indexOf(word));
      range.setEnd(text, text.data.indexOf(word) + word.length);
      return range.getBoundingClientRect().left;
    });
  }, words);

test('a name of Hebrew letters turns nothing around it, and what is copied has no invisible signs', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', ben, alice);
  await ben.api.mutate('me.rename', { name: 'אבגד' });
  await send(alice, trip, `Hello <@${ben.id}>, 3 items left`);
  await ben.api.mutate('conversations.setTopic', { conversationId: trip.id, topic: '777 boats' });
  const laptop = await device(alice, 'laptop');
  await laptop.open(trip);
  const ascending = (places: number[]) => expect(places).toEqual(places.toSorted((a, b) => a - b));

  const message = laptop.said('Hello');
  ascending(await beginnings(message.getByTestId('message-body'), 'Hello', 'אבגד', '3', 'items'));
  const mention = await message.getByTestId('mention').boundingBox();
  const [after = 0] = await beginnings(message, ', 3 items');
  expect((mention?.x ?? 0) + (mention?.width ?? 0)).toBeLessThanOrEqual(after + 1);
  expect(await message.getByTestId('mention').evaluate((name) => name.getClientRects().length)).toBe(1);

  ascending(await beginnings(laptop.said('set the topic'), 'אבגד', 'set the topic', '777', 'boats'));
  await expect(laptop.row(trip)).not.toContainText('\u2068');

  await laptop.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await message.getByTestId('message-body').click();
  await laptop.page.keyboard.press('Control+a');
  await laptop.page.keyboard.press('Control+c');
  const copied = await laptop.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('Hello @אבגד, 3 items left');
  expect(copied).toContain('אבגד set the topic');
  expect(copied).not.toMatch(/[\u2066-\u2069]/);

  await laptop.page.keyboard.press('Control+k');
  await laptop.page.keyboard.type('אבגד');
  await laptop.page.locator('[data-testid=switcher-choice][data-kind=people]').first().click();
  await expect(laptop.composer).toHaveAttribute('placeholder', 'Message \u2068אבגד\u2069');
});

test('while writing one sees how it will look, and can put pasted code between fences', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const { laptop } = await devices(alice);
  await laptop.open(trip);
  const view = laptop.page.getByTestId('draft-view');

  await laptop.write('2*3*4 is not formatted');
  await expect(view).toHaveCount(0);
  await laptop.write('this **is**');
  await expect(view).toHaveText('this is');
  await expect(view.locator('strong')).toHaveText('is');

  await laptop.write('hello now');
  await laptop.composer.evaluate((field) => (field as HTMLTextAreaElement).setSelectionRange(0, 6));
  await laptop.composer.press('Control+b');
  await expect(laptop.composer).toHaveValue('**hello** now');

  await laptop.write('');
  await laptop.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const code = 'def f():\n    return 1';
  await laptop.page.evaluate((text) => navigator.clipboard.writeText(text), code);
  await laptop.composer.press('Control+v');
  await expect(laptop.composer).toHaveValue(code);
  const offer = laptop.page.getByTestId('code-offer');
  await offer.getByRole('button', { name: 'Format as code' }).click();
  await expect(laptop.composer).toHaveValue(`\`\`\`\n${code}\n\`\`\``);
  await expect(offer).toHaveCount(0);

  // An emoji of many code points is one character.
  await laptop.write(`${'a'.repeat(7_999)}👨‍👩‍👧‍👦`);
  await expect(laptop.page.getByText('0 characters left')).toBeVisible();
  await laptop.write(`${'a'.repeat(8_000)}👨‍👩‍👧‍👦`);
  await expect(laptop.page.getByText('1 character too long')).toBeVisible();
});
