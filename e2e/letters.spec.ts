import { FOREVER } from '@lockstep/protocol';
import { expect, group, send, test } from '@lockstep/testing/kit';

test('letters act on a row only where the keyboard has come to it, with a way back; after a click they are text', async ({
  people,
  device,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const [trip] = await Promise.all([group('Trip', alice, ben), group('Other', alice, ben)]);
  await send(alice, trip, 'the plan');
  const laptop = await device(alice, 'laptop');
  const { page } = laptop;
  await laptop.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const personal = () =>
    page.evaluate((id) => {
      const entry = globalThis.__lockstep?.entry(id);
      return [entry?.mutedUntil, entry?.markedUnread, entry?.pinnedAt, entry?.archivedSeq];
    }, trip.id);
  const untouched = [null, false, null, null];
  await laptop.open(trip);
  await laptop.row(trip).click();
  await page.keyboard.type('map update');
  await expect(laptop.composer).toHaveValue('map update');
  expect(await personal()).toEqual(untouched);
  await laptop.composer.fill('');

  const plan = laptop.said('the plan');
  await plan.getByTestId('message-body').click();
  await page.keyboard.type('clear, done');
  await page.keyboard.press('Delete');
  await expect(laptop.composer).toHaveValue('clear, done');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('alertdialog')).toBeHidden();
  await laptop.composer.fill('');

  await test.step('on a conversation by the keyboard: each says what it did, and is taken back', async () => {
    const press = async (letter: string, said: string) => {
      await laptop.row(trip).focus();
      await page.keyboard.press(letter);
      const answer = page.locator('[data-sonner-toast]', { has: page.getByText(said, { exact: true }) });
      await expect(answer).toBeVisible();
      return async () => {
        await answer.getByRole('button', { name: 'Undo' }).click();
        await expect(answer).toHaveCount(0);
      };
    };
    const acts = [
      ['m', 'Muted', 'Unmuted', [FOREVER, false, null, null]],
      ['u', 'Marked as unread', 'Marked as read', [null, true, null, null]],
      ['p', 'Pinned', 'Unpinned', [null, false, expect.any(Number), null]],
      [
        'a',
        'Archived until the next message',
        'Moved out of the archive',
        [null, false, null, expect.any(Number)],
      ],
    ] as const;
    for (const [letter, said, saidBack, acted] of acts) {
      const undo = await press(letter, said);
      await expect.poll(personal, said).toEqual(acted);
      await undo();
      await expect.poll(personal, `${said}: undone`).toEqual(untouched);
      await press(letter, said);
      const undoBack = await press(letter, saidBack);
      await expect.poll(personal, saidBack).toEqual(untouched);
      await undoBack();
      await expect.poll(personal, `${saidBack}: undone`).toEqual(acted);
      await press(letter, saidBack);
      await expect.poll(personal, saidBack).toEqual(untouched);
    }
    await laptop.row(trip).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('b');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('on a message by the keyboard', async () => {
    const reach = async () => {
      await page.getByTestId('timeline').focus();
      await page.keyboard.press('ArrowUp');
      await expect(plan).toBeFocused();
    };
    await reach();
    await page.keyboard.press('d');
    await expect(page.getByTestId('calendar')).toBeVisible();
    await page.keyboard.press('Escape');
    await reach();
    await page.keyboard.press('c');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('the plan');
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await reach();
    await page.keyboard.press('e');
    await expect(laptop.composer).toHaveValue('the plan');
  });
});
