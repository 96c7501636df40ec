import { channel, type Device, expect, group, send, sendMany, test } from '@lockstep/testing/kit';

const hits = (device: Device) => device.page.getByTestId('search-hit');
const field = (device: Device) => device.page.getByTestId('search-field');
const chips = (device: Device) => device.page.getByTestId('search-chip');

/** Opens the search by key and types. */
const search = async (device: Device, text: string): Promise<void> => {
  await device.page.keyboard.press('ControlOrMeta+f');
  await expect(field(device)).toBeFocused();
  await field(device).fill(text);
};

test('what is found opens at the message, lit, and Back shows the results as they were', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await sendMany(ben, trip, 120, (n) => `lantern number ${n}`);
  const laptop = await device(alice, 'laptop');
  await laptop.page.keyboard.press('/');
  await field(laptop).fill('lantern');
  await expect(laptop.page.getByTestId('search-count')).toHaveText('120 messages');
  for (let i = 0; i < 30; i++) await laptop.page.keyboard.press('ArrowDown');
  const chosen = laptop.page.locator('[data-testid=search-hit][aria-selected=true]');
  await expect(chosen.locator('mark')).toHaveText('lantern');
  const text = await chosen.innerText();
  const top = (await chosen.boundingBox())?.y;

  await laptop.page.keyboard.press('Enter');
  await expect(laptop.settled).toBeVisible();
  const seq = new URL(laptop.page.url()).pathname.split('/').at(-1);
  await expect(laptop.page.locator(`[data-testid=message][data-seq="${seq}"]`)).toBeInViewport();

  await laptop.page.goBack();
  await expect(field(laptop)).toHaveValue('lantern');
  await expect(chosen).toBeInViewport();
  expect(await chosen.innerText()).toBe(text);
  await expect.poll(async () => (await chosen.boundingBox())?.y).toBe(top);
  await laptop.page.keyboard.press('Enter');
  await expect(laptop.settled).toBeVisible();
});

test('people and conversations become chips by keyboard, and Backspace takes them away', async ({
  people,
  device,
}) => {
  const [alice, ben, cleo] = await people('Alice', 'Benedikt', 'Cleo');
  const trip = await group('Harbour trip', alice, ben, cleo);
  const other = await channel('engine-room', alice, ben);
  await send(ben, trip, 'the rope is wet');
  await send(cleo, trip, 'the rope is dry');
  await send(ben, other, 'no rope in here');
  const laptop = await device(alice, 'laptop');
  await search(laptop, 'rope');
  await expect(hits(laptop)).toHaveCount(3);

  await laptop.page.keyboard.type(' from:bene');
  await expect(laptop.page.getByTestId('search-suggestion').filter({ hasText: 'Benedikt' })).toBeVisible();
  await laptop.page.keyboard.press('Enter');
  await expect(chips(laptop)).toHaveAttribute('data-clause', `from:<@${ben.id}>`);
  await expect(hits(laptop)).toHaveCount(2);

  await laptop.page.keyboard.type('in:harb');
  await laptop.page.keyboard.press('Tab');
  await expect(chips(laptop)).toHaveCount(2);
  await expect(hits(laptop)).toHaveCount(1);
  await expect(hits(laptop)).toContainText('the rope is wet');

  await laptop.page.keyboard.press('Home');
  await laptop.page.keyboard.press('Backspace');
  await laptop.page.keyboard.press('Backspace');
  await expect(chips(laptop)).toHaveCount(0);
  await expect(hits(laptop)).toHaveCount(3);
});

test('a plain word suggests people and conversations, and Enter still opens what was found', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ropesmith');
  const trip = await group('Rope locker', alice, ben);
  const other = await group('Engine room', alice, ben);
  await send(ben, trip, 'the rope is wet');
  await send(ben, other, 'no rope in here');
  const laptop = await device(alice, 'laptop');
  await search(laptop, 'rope');
  const suggestions = laptop.page.getByTestId('search-suggestion');
  await expect(suggestions).toHaveCount(2);
  await expect(hits(laptop)).toHaveCount(2);
  const selected = laptop.page.locator('[data-testid=search-suggestion][aria-selected=true]');
  await expect(selected).toHaveCount(0);
  await laptop.page.keyboard.press('ArrowDown');
  await expect(selected).toHaveCount(1);
  await laptop.page.keyboard.press('ArrowUp');
  await expect(selected).toHaveCount(0);
  await laptop.page.keyboard.press('Enter');
  await expect(laptop.page).toHaveURL(new RegExp(`/c/${other.id}`));

  await laptop.page.goBack();
  await field(laptop).focus();
  await field(laptop).fill('rop');
  await expect(suggestions.filter({ hasText: 'Rope locker' })).toBeVisible();
  await suggestions.filter({ hasText: 'Rope locker' }).click();
  await expect(chips(laptop)).toHaveAttribute('data-clause', `in:<#${trip.id}>`);
  await expect(field(laptop)).toHaveValue('');
});

test('on a phone facets are a panel, the order can be chosen, and hits stand by conversation', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const other = await group('Engine room', alice, ben);
  await send(ben, trip, 'anchor anchor, an **anchor** in the `mud`');
  await send(ben, other, 'there is a very long tale to be told of how once upon a time an anchor was lost');
  await send(alice, trip, 'tell me of the anchor');
  const phone = await device(alice, 'phone');
  await phone.page.getByTestId('open-search').click();
  await field(phone).fill('anchor');
  await expect(hits(phone)).toHaveCount(3);
  await expect(phone.page.getByTestId('facets')).toBeHidden();
  // As it reads, without the signs of markdown.
  await expect(hits(phone).last()).toContainText('anchor anchor, an anchor in the mud');
  await expect(hits(phone).last().locator('mark')).toHaveText(['anchor', 'anchor', 'anchor']);

  const order = async (name: string) => {
    await phone.page.getByTestId('search-order').click();
    await phone.page.getByRole('menuitemradio', { name }).click();
    // While it goes, a click on its button only closes it.
    await expect(phone.page.getByRole('menu')).toHaveCount(0);
  };
  await order('Best first');
  await expect(phone.page.getByTestId('search-order')).toContainText('Best first');
  await expect(phone.page).toHaveURL(/sort%3Abest/);
  await expect(hits(phone).first()).toContainText('anchor anchor');
  await order('Newest first');
  await expect(hits(phone).first()).toContainText('tell me');

  await order('By conversation');
  await expect(phone.page.getByTestId('search').getByRole('heading', { level: 2 })).toHaveText([
    'Harbour trip',
    'Engine room',
  ]);

  await phone.page.getByTestId('search-filters').click();
  const sheet = phone.page.getByTestId('facets-sheet');
  await sheet.getByTestId('facet').filter({ hasText: 'Ben' }).click();
  await sheet.getByTestId('facet').filter({ hasText: 'Harbour trip' }).click();
  await expect(phone.page.getByTestId('facets-done')).toHaveText('Show 1 message');
  await phone.page.getByTestId('facets-done').click();
  await expect(hits(phone)).toHaveCount(1);
  await expect(phone.page.getByTestId('search-filters')).toHaveText(/2$/);
});

test('facets narrow the search, and the months can be brushed by keyboard and by mouse', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'anchor up');
  await send(alice, trip, 'anchor down');
  const laptop = await device(alice, 'laptop');
  await search(laptop, 'anchor');
  await expect(hits(laptop)).toHaveCount(2);

  await laptop.page.getByTestId('facet').filter({ hasText: 'Ben' }).click();
  await expect(hits(laptop)).toHaveCount(1);
  await expect(chips(laptop)).toHaveAttribute('data-clause', `from:<@${ben.id}>`);
  await laptop.page.getByTestId('facet').filter({ hasText: 'Ben' }).click();
  await expect(hits(laptop)).toHaveCount(2);

  await laptop.page.getByTestId('histogram-bar').last().click();
  await expect(chips(laptop)).toHaveAttribute('data-clause', /^during:\d{4}-\d{2}$/);
  await expect(hits(laptop)).toHaveCount(2);
  await laptop.page.getByRole('slider').first().focus();
  await laptop.page.keyboard.press('Escape');
  await expect(chips(laptop)).toHaveCount(0);
});

test('two Chinese characters are found, on a phone, right after they were sent', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, '无线网卡没有声音');
  const phone = await device(alice, 'phone', { context: { locale: 'zh-CN' } });
  await phone.page.getByTestId('open-search').click();
  await field(phone).fill('声音');
  await expect(hits(phone)).toHaveCount(1);
  await expect(hits(phone).locator('mark')).toHaveText('声音');
  await hits(phone).click();
  await expect(phone.settled).toBeVisible();
});

test('a recalled message goes from the results, and who is removed sees nothing', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  const said = await send(alice, trip, 'the compass is broken');
  await send(alice, trip, 'a second compass');
  const laptop = await device(ben, 'laptop');
  await search(laptop, 'compass');
  await expect(hits(laptop)).toHaveCount(2);
  await alice.api.mutate('messages.recall', { conversationId: trip.id, seq: said.seq });
  await expect(hits(laptop)).toHaveCount(1);
  await alice.api.mutate('conversations.removeMember', { conversationId: trip.id, userId: ben.id });
  await expect(hits(laptop)).toHaveCount(0);
});

test('wrong syntax is explained, and offline the open conversations are searched', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'the tide is low');
  const laptop = await device(alice, 'laptop');
  await laptop.open(trip);
  await search(laptop, 'tide form:ben');
  await expect(laptop.page.getByTestId('search-problem')).toContainText('form:ben');
  // What is still being written is not wrong yet; once it is left so, it is.
  await field(laptop).fill('tide from:');
  await expect(hits(laptop)).toHaveCount(1);
  await expect(laptop.page.getByTestId('search-problem')).toHaveCount(0);
  await laptop.page.keyboard.type(' ');
  await expect(laptop.page.getByTestId('search-problem')).toContainText('from:');
  await laptop.offline();
  await field(laptop).fill('tide low');
  await expect(laptop.page.getByTestId('search')).toHaveAttribute('data-status', 'away');
  await expect(hits(laptop)).toHaveCount(1);
  await laptop.online();
  await expect(laptop.page.getByTestId('search')).toHaveAttribute('data-status', 'done');
});
