import { type Device, direct, expect, group, send, sendMany, test } from '@lockstep/testing/kit';

/** In the page, from its first paint: what stands there in the place of a name that is not known. */
const watchNames = () => {
  const held = window as unknown as { nameless: string[] };
  held.nameless = [];
  const look = () => {
    for (const part of document.querySelectorAll('[data-testid=message], [data-row], h1')) {
      const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node; node = texts.nextNode())
        if (/^@?…$|unknown user|someone/i.test(node.textContent ?? ''))
          held.nameless.push(node.textContent ?? '');
      for (const face of part.querySelectorAll<HTMLElement>('[data-initials]'))
        if (/^\??$/.test(face.dataset.initials ?? '')) held.nameless.push('a face without letters');
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
};

const readSeq = async (device: Device, id: string): Promise<number> =>
  device.page.evaluate((id) => globalThis.__lockstep?.entry(id)?.readSeq ?? -1, id);

test('people come with what names them: page, list, push and search, however late the call for people answers', async ({
  people,
  device,
}) => {
  const [alice, ben, cem, dora, emil] = await people('Alice', 'Ben', 'Cem', 'Dora', 'Emil');
  const trip = await group('Trip', ben, alice, cem, dora);
  await send(cem, trip, `ask <@${emil.id}> about it`);
  await send(dora, trip, 'I did');
  await send(ben, trip, `thanks, <@${dora.id}>`);
  const laptop = await device(alice, 'laptop');
  const { page } = laptop;
  let calls = 0;
  await page.route('**/api/trpc/people.get*', async (route) => {
    calls++;
    const answer = await route.fetch();
    await new Promise((done) => setTimeout(done, 1_500));
    await route.fulfill({ response: answer });
  });
  await page.addInitScript(watchNames);
  // A device that has never seen anything.
  const cdp = await laptop.context.newCDPSession(page);
  await page.goto('about:blank');
  await cdp.send('Storage.clearDataForOrigin', {
    origin: new URL(process.env.LOCKSTEP_URL ?? '').origin,
    storageTypes: 'indexeddb',
  });
  await page.goto(`/c/${trip.id}`);
  await expect(laptop.said('I did')).toContainText(dora.name);
  await expect(laptop.said('about it').getByTestId('mention')).toHaveText(`@${emil.name}`);

  const [fay] = await people('Fay');
  await ben.api.mutate('conversations.addMembers', { conversationId: trip.id, userIds: [fay.id] });
  await send(fay, trip, 'new here');
  await expect(laptop.said('new here')).toContainText(fay.name);
  await expect(laptop.row(trip)).toContainText('new here');

  const [gil] = await people('Gil');
  const chat = await direct(gil, alice);
  await send(gil, chat, 'good morning');
  await expect(laptop.row(chat)).toContainText(gil.name);
  await laptop.open(chat);
  expect(await page.evaluate(() => (window as unknown as { nameless: string[] }).nameless)).toEqual([]);
  expect(calls).toBeGreaterThan(1);
});

test('a new name reaches what is on the screen already: the list of members, and one’s own menu', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const laptop = await device(alice, 'laptop');
  const { page } = laptop;
  await laptop.open(trip);
  await laptop.openMembers();
  const members = page.getByRole('region', { name: 'Members' });
  await expect(members).toContainText(ben.name);
  await ben.api.mutate('me.rename', { name: 'Benjamin the Second' });
  await expect(members).toContainText('Benjamin the Second');
  // As from another device of hers.
  await alice.api.mutate('me.rename', { name: 'Alice Newname' });
  await expect(members).toContainText('Alice Newname');
  await page.getByRole('button', { name: 'Account menu' }).click();
  await expect(page.getByRole('menu')).toContainText('Alice Newname');
});

test('300 unread: opens at the first, however far; what was not seen stays unread, on every device', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const { laptop, phone } = await devices(alice);
  await laptop.open(trip);
  await laptop.home();
  const first = (await readSeq(laptop, trip.id)) + 1;
  await sendMany(ben, trip, 300);
  await expect.poll(() => laptop.badge(trip)).toBe('99+');

  await laptop.open(trip);
  await expect(laptop.page.getByTestId('new-line')).toBeInViewport();
  await expect(laptop.page.locator(`[data-seq="${first}"]`)).toBeInViewport();
  await expect.poll(() => readSeq(laptop, trip.id)).toBeGreaterThanOrEqual(first);
  const lastSeen = Number(await laptop.page.getByTestId('message').last().getAttribute('data-seq'));
  expect(await readSeq(laptop, trip.id)).toBeLessThanOrEqual(lastSeen);
  expect(lastSeen).toBeLessThan(first + 100);
  await expect.poll(() => phone.badge(trip)).toBe('99+');

  await laptop.page.getByTestId('jump-to-newest').click();
  await expect.poll(() => phone.badge(trip)).toBe('');
});

test('a row says who, when and what; printing has all that is loaded, without the frame', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  await sendMany(ben, trip, 40, (n) => `line ${n} of the plan`);
  const laptop = await device(alice, 'laptop');
  await laptop.open(trip);
  // One that stands under the name of an earlier one.
  const shown = laptop.page.getByTestId('message').filter({ hasText: 'of the plan' });
  const seq = await shown.nth(2).getAttribute('data-seq');
  const follow = laptop.page.locator(`[data-seq="${seq}"]`);
  const text = (await follow.getByTestId('message-body').textContent())?.trim();
  await expect(follow).toHaveRole('article');
  await expect(follow).toHaveAccessibleName(new RegExp(`^${ben.name} \\d\\d:\\d\\d ${text}$`));

  const loaded = await laptop.page.evaluate((id) => globalThis.__lockstep?.messages(id).length ?? 0, trip.id);
  await laptop.page.emulateMedia({ media: 'print' });
  await expect(laptop.page.getByTestId('printed').getByTestId('message')).toHaveCount(loaded);
  await expect(laptop.composer).toBeHidden();
  await expect(laptop.row(trip)).toBeHidden();
  const whole = await laptop.page.evaluate(() => document.documentElement.scrollHeight);
  expect(whole).toBeGreaterThan(1_000);
  await laptop.page.emulateMedia({ media: 'screen' });
  await expect(laptop.page.getByTestId('printed')).toHaveCount(0);
  await expect(laptop.composer).toBeVisible();
});

/** What the device holds of a conversation, as it is copied. */
const heldTexts = async (device: Device, id: string, names: Record<string, string>): Promise<string[]> => {
  const held = await device.page.evaluate((id) => globalThis.__lockstep?.messages(id) ?? [], id);
  return held
    .filter(({ system }) => system === null)
    .map(({ senderId, createdAt, body }) => {
      const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' }).format(
        createdAt,
      );
      const text = (body ?? '').replace(/```\w*\n?/g, '').trimEnd();
      return `${names[senderId]}, ${time}\n${text.replace(/<@([^>]+)>/g, (_, id) => `@${names[id]}`)}`;
    });
};

const copied = async ({ page }: Device): Promise<string> => {
  await page.keyboard.press('Control+c');
  return page.evaluate(() => navigator.clipboard.readText());
};

test('copying over a long stretch: all of it, with names and times', async ({ people, device }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const names = { [alice.id]: alice.name, [ben.id]: ben.name };
  await sendMany(ben, trip, 70, (n) => `line ${n} of the plan`);
  await send(ben, trip, `ask <@${alice.id}>`);
  await send(alice, trip, '```js\nif (a) {\n\tb();\n}\n```');
  await sendMany(ben, trip, 70, (n) => `line ${n} of the rest`);
  await send(alice, trip, 'the last word');
  const laptop = await device(alice, 'laptop');
  const { page } = laptop;
  await laptop.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await laptop.open(trip);
  // All of it is loaded, and stands at the end.
  await laptop.scrollToStart();
  await page.getByTestId('timeline').evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await expect(laptop.said('the last word')).toBeInViewport();
  const all = await heldTexts(laptop, trip.id, names);
  const spot = async (text: string, x: number) => {
    const said = page.getByTestId('message').filter({ has: page.getByText(text, { exact: true }) });
    const box = await said.getByTestId('message-body').boundingBox();
    return [(box?.x ?? 0) + x, (box?.y ?? 0) + 10] as const;
  };
  const firstLine = all.find((line) => line.includes('of the plan'))?.split('\n')[1] ?? '';
  const first = page.getByTestId('message').filter({ has: page.getByText(firstLine, { exact: true }) });
  const upTo = async (scroll: () => Promise<void>) => {
    while (!(await first.count()) || !(await first.isVisible())) await scroll();
    await first.scrollIntoViewIfNeeded();
    const box = await first.getByTestId('message-body').boundingBox();
    return [(box?.x ?? 0) + 40, (box?.y ?? 0) + 10] as const;
  };
  const check = (text: string) => {
    const blocks = text.split(/\n\n(?=[^\n]+, \d\d:\d\d\n)/);
    const from = all.findIndex((line) => line.includes(firstLine));
    expect(blocks).toHaveLength(all.length - from);
    expect(blocks.slice(1, -1)).toEqual(all.slice(from + 1, -1));
    // Of the first and the last message, what was selected.
    const [start, end] = [blocks[0] ?? '', blocks.at(-1) ?? ''].map((block) => block.split('\n')[1] ?? '');
    expect(firstLine.endsWith(start as string) && start !== firstLine && start !== '').toBe(true);
    expect('the last word'.startsWith(end as string) && end !== 'the last word' && end !== '').toBe(true);
  };

  await test.step('dragged, with the wheel', async () => {
    const [x, y] = await spot('the last word', 40);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 10, y);
    await upTo(() => page.mouse.wheel(0, -1_500));
    // The list may still settle below the mouse.
    await expect
      .poll(async () => {
        await page.mouse.move(...(await spot(firstLine, 60)));
        await page.mouse.move(...(await spot(firstLine, 40)));
        return page.evaluate(
          () =>
            window.getSelection()?.focusNode?.parentElement?.closest('[data-testid=message]')?.textContent,
        );
      })
      .toContain(firstLine);
    await page.mouse.up();
    check(await copied(laptop));
  });

  await test.step('a click, and far above another one with Shift', async () => {
    await page.getByTestId('timeline').evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await expect(laptop.said('the last word')).toBeInViewport();
    // A click on what is selected only takes the selection away.
    await page.mouse.click(...(await spot('the last word', 300)));
    await page.mouse.click(...(await spot('the last word', 40)));
    await upTo(() => page.mouse.wheel(0, -1_500));
    await page.keyboard.down('Shift');
    await page.mouse.click(...(await spot(firstLine, 40)));
    await page.keyboard.up('Shift');
    check(await copied(laptop));
  });

  await test.step('all that is loaded; one message as it stands', async () => {
    await laptop.said('line').first().click();
    await page.keyboard.press('Control+a');
    const text = await copied(laptop);
    expect(text).toContain('created the group');
    for (const line of all) expect(text).toContain(line);
    await laptop
      .said('line')
      .first()
      .getByTestId('message-body')
      .dblclick({ position: { x: 5, y: 10 } });
    expect((await copied(laptop)).trim()).toBe('line');
  });
});

test('a phone: a part of a message can be selected, from its menu, and copied when it is out of view', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  await sendMany(alice, trip, 60);
  await send(alice, trip, 'the code is 4711');
  const phone = await device(alice, 'phone');
  await phone.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await phone.open(trip);
  await phone.said('4711').dispatchEvent('contextmenu', { bubbles: true, clientX: 100, clientY: 400 });
  await phone.page.getByRole('menuitem', { name: 'Select text' }).click();
  const selected = () => phone.page.evaluate(() => String(window.getSelection()));
  await expect.poll(selected).toBe('the code is 4711');
  await phone.page.evaluate(() => {
    const selection = window.getSelection();
    selection?.setBaseAndExtent(
      selection.anchorNode as Node,
      0,
      selection.focusNode as Node,
      selection.focusOffset,
    );
    selection?.collapseToEnd();
    for (let i = 0; i < 4; i++) selection?.modify('extend', 'backward', 'character');
  });
  await phone.scrollToStart();
  await expect(phone.said('4711')).not.toBeInViewport();
  expect(await copied(phone)).toBe('4711');
});

test('the device comes to another time zone: times and days follow, in the way of its region', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  const { createdAt } = await send(ben, trip, 'on the way');
  // Days later, so that dates are shown. The interface speaks English there, and dates are written as in Germany.
  const laptop = await device(alice, 'laptop', {
    clock: 3 * 86_400_000,
    context: { timezoneId: undefined, locale: 'de-DE' },
  });
  const { page } = laptop;
  const written = (timeZone: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-DE', { ...options, timeZone }).format(createdAt);
  const cdp = await laptop.context.newCDPSession(page);
  const travel = async (timezoneId: string) => {
    await cdp.send('Emulation.setTimezoneOverride', { timezoneId });
    // As by coming back to the window; it is looked every few seconds as well.
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  };

  await laptop.open(trip);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  // Always two days of the calendar.
  const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'] as const;
  for (const zone of zones) {
    await travel(zone);
    await expect(laptop.said('on the way').locator('time')).toHaveText(written(zone, { timeStyle: 'short' }));
    await expect(page.getByTestId('day')).toContainText(written(zone, { day: 'numeric', month: 'long' }));
    await expect(laptop.row(trip).locator('time')).toHaveText(written(zone, { weekday: 'short' }));
  }

  await page.keyboard.press('Control+f');
  await page.getByTestId('search-field').fill('on the way');
  const hit = page.getByTestId('search-hit').locator('time');
  for (const zone of zones.toReversed()) {
    await travel(zone);
    await expect(hit).toHaveText(written(zone, { weekday: 'short' }));
  }
});

test('400 % zoom: the messages have room', async ({ people, device }) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Trip', alice, ben);
  await send(ben, trip, 'large letters');
  const laptop = await device(alice, 'laptop');
  await laptop.page.setViewportSize({ width: 320, height: 256 });
  await laptop.open(trip);
  const box = await laptop.page.getByTestId('timeline').boundingBox();
  expect(box?.height).toBeGreaterThan(110);
  await expect(laptop.said('large letters')).toBeInViewport();
});
