import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, group, type Person, send, sendMany, signUpPerson } from '@lockstep/testing/kit';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { withOwnServer } from '../devices/fixtures.ts';
import { findings } from '../findings.ts';

const test = withOwnServer();
const reason = 'complaint no. 41';
/** A ground of less than a tenth of the lightness of white, in whatever way the browser writes colours. */
const DARK = /^(lab\(\d\.|oklch\(0\.[01]|rgb\(\d{1,2}, \d{1,2}, \d{1,2}\))/;

let admin: Person;
// The first account of a workspace is its admin.
test.beforeAll(async ({ stack }) => {
  admin = await signUpPerson(stack.url, 'Admin');
});

const look = async (page: Page, words: string) => {
  await page.goto('/admin/history');
  await page.getByTestId('reason').fill(reason);
  await page.getByTestId('search-field').fill(words);
  await page.getByTestId('search-field').press('Enter');
};

test('on a phone, in the dark and in Chinese, all of it fits, and axe finds nothing', async ({
  people,
  device,
}) => {
  const [ann, ben] = await people('Ann', 'Ben');
  const trip = await group('Harbour trip', ann, ben);
  await send(ann, trip, 'the walrus leaves at nine');
  const { page } = await device(admin, 'phone', { context: { colorScheme: 'dark', locale: 'zh-CN' } });
  await look(page, 'walrus');
  await expect(page.getByTestId('history-hit').first()).toBeVisible();
  const [from, to] = await Promise.all(
    ['#admin-from', '#admin-to'].map((id) => page.locator(id).boundingBox()),
  );
  expect(from?.y).toBe(to?.y);
  expect(from?.width).toBe(to?.width);
  expect(from?.height).toBeGreaterThanOrEqual(44);
  await expect(page.getByRole('button', { name: '导出' })).toBeVisible();
  for (const section of ['people', 'history', 'audit', 'exports']) {
    await page.goto(`/admin/${section}`);
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), section).toBe(390);
    await expect(page.locator('html')).toHaveClass(/\bdark\b/);
    await expect(page.locator('body')).toHaveCSS('background-color', DARK);
    expect.soft(await findings({ page }), section).toEqual([]);
  }
});

test('a filter is a chip with the name of whom it means; on a phone people and conversations are a panel', async ({
  people,
  device,
}) => {
  const [nadia, oskar] = await people('Nadia', 'Oskar');
  const trip = await group('Harbour trip', nadia, oskar);
  await send(nadia, trip, 'the narwhal leaves at nine');
  await send(oskar, trip, 'which narwhal');
  const { page } = await device(admin, 'laptop');
  const searches: string[] = [];
  page.on('request', (request) => {
    if (/\/admin\.search\b/.test(request.url())) searches.push(request.postData() ?? '');
  });
  await page.goto('/admin/history');
  await page.getByTestId('reason').fill(reason);
  const field = page.getByTestId('search-field');
  await field.pressSequentially('narwhal from:osk');
  await expect(page.getByTestId('search-suggestion')).toContainText([oskar.name]);
  await field.press('Enter');
  const chip = page.getByTestId('search-chip');
  await expect(chip).toContainText(oskar.name);
  await expect(page.getByTestId('history-hit')).toHaveCount(0);
  await field.press('Enter');
  await expect(page.getByTestId('history-hit')).toHaveText([/which narwhal/]);
  // To choose a suggestion is not to search.
  expect(searches).toHaveLength(1);

  const phone = await device(admin, 'phone');
  await look(phone.page, 'narwhal');
  await expect(phone.page.getByTestId('history-hit')).toHaveCount(2);
  await expect(phone.page.getByTestId('history-hit').first()).toBeInViewport();
  await phone.page.getByTestId('search-filters').click();
  await phone.page.getByTestId('facets-sheet').getByRole('button', { name: nadia.name }).click();
  await expect(phone.page.getByTestId('facets-done')).toHaveText('Show 1 message');
  await phone.page.getByTestId('facets-done').click();
  await expect(phone.page.getByTestId('search-chip')).toContainText(nadia.name);
  await expect(phone.page.getByTestId('history-hit')).toHaveText([/the narwhal leaves/]);
});

test('with the keyboard alone: why, what, who could see it, and back', async ({ people, device }) => {
  const [ann] = await people('Ann');
  const notes = await group('Notes', ann);
  const { seq } = await send(ann, notes, 'the okapi sleeps');
  await ann.api.mutate('messages.edit', { conversationId: notes.id, seq, body: 'the okapi wakes' });
  const { page } = await device(admin, 'laptop');
  await page.goto('/admin/history');
  await expect(page.getByTestId('reason')).toBeVisible();
  const to = async (focused: ReturnType<Page['locator']>) => {
    for (let i = 0; i < 40; i++) {
      if (await focused.evaluate((one) => one === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('Tab does not get there');
  };
  await to(page.getByTestId('reason'));
  await page.keyboard.type(reason);
  await to(page.getByTestId('search-field'));
  await page.keyboard.type('okapi');
  await page.keyboard.press('Enter');
  const hit = page.getByTestId('history-hit');
  await expect(hit).toHaveCount(1);
  const versions = hit.getByRole('button', { name: 'Who could see this' });
  await to(versions);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('version')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(versions).toBeFocused();
});

test('all of a conversation can be read from a hit, page by page, each with its own audit row', async ({
  people,
  device,
}) => {
  const [ann] = await people('Ann');
  const long = await group('Long story', ann);
  await sendMany(ann, long, 40, (n) => `before ${n}`);
  await send(ann, long, 'the numbat is in the middle');
  await sendMany(ann, long, 40, (n) => `after ${n}`);
  const { page } = await device(admin, 'laptop');
  await look(page, 'numbat');
  await page.getByRole('button', { name: 'In its conversation' }).click();
  const context = page.getByTestId('context');
  await expect(context.getByText('the numbat is in the middle')).toBeVisible();
  for (const name of ['Earlier messages', 'Later messages'])
    for (const button = context.getByRole('button', { name }); (await button.count()) > 0; ) {
      const before = await context.getByTestId('history-hit').count();
      await button.click();
      await expect.poll(() => context.getByTestId('history-hit').count()).toBeGreaterThan(before);
    }
  const seqs = await context
    .getByTestId('history-hit')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-seq'))));
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, i) => i + 1));
  expect(seqs.length).toBeGreaterThanOrEqual(82);
});

test('an export is cancelled; one that has no room says so, goes on, fails and is tried again', async ({
  people,
  device,
  stack,
}) => {
  test.setTimeout(120_000);
  const [ann] = await people('Ann');
  const notes = await group('Exported', ann);
  await sendMany(ann, notes, 5, (n) => `quokka ${n}`);
  const { page } = await device(admin, 'laptop');
  const root = new pg.Client({ connectionString: stack.databaseUrl });
  await root.connect();
  try {
    await stack.worker.stop();
    await look(page, 'quokka');
    await page.getByRole('button', { name: 'Export this selection' }).click();
    await page.getByRole('link', { name: 'Exports' }).click();
    const rows = page.getByTestId('export');
    const row = rows.first();
    await expect(row).toHaveAttribute('data-status', 'waiting');
    await row.getByRole('button', { name: 'Cancel' }).click();
    await expect(row).toHaveAttribute('data-status', 'cancelled');
    await expect(row.getByRole('button')).toHaveCount(0);

    const { id } = await admin.api.mutate('admin.createExport', { reason, text: 'quokka' });
    const parts = join(stack.env.DATA_DIR ?? '', 'exports', id, 'parts');
    mkdirSync(parts, { recursive: true });
    const full = join(parts, '000001.ndjson.unfinished');
    symlinkSync('/dev/full', full);
    await stack.worker.start();
    await page.reload();
    await expect(row.getByTestId('export-error')).toContainText('The disk of the worker');
    await expect(row.getByTestId('export-error')).toContainText('tried again at');
    rmSync(full);
    await expect(row).toHaveAttribute('data-status', 'done');
    await expect(row.getByTestId('export-error')).toHaveCount(0);

    await root.query(
      `update history_export set status = 'failed', files = null, error = 'ENOSPC: no space left on device, write'
       where id = $1`,
      [id],
    );
    await page.reload();
    await expect(row.getByRole('alert')).toContainText('It failed. The disk of the worker');
    await row.getByRole('button', { name: 'Try again' }).click();
    await expect(row).toHaveAttribute('data-status', 'done');
  } finally {
    await root.end();
  }
});

test('with the server away the pages say so, and go on when it is back', async ({
  people,
  device,
  stack,
}) => {
  test.setTimeout(120_000);
  const [ann] = await people('Ann');
  await send(ann, await group('Away', ann), 'the dugong is away');
  const { page } = await device(admin, 'laptop');
  await look(page, 'dugong');
  await expect(page.getByTestId('history-hit').first()).toBeVisible();
  await stack.web.kill();
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Lockstep can’t be reached' })).toBeVisible();
  await stack.web.start();
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Lockstep' })).toHaveCount(0);
  await expect(page.getByTestId('history-hit').first()).toBeVisible();
});
