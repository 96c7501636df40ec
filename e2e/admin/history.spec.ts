import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyExport } from '@lockstep/core/exports';
import { expect, group, send } from '@lockstep/testing/kit';
import pg from 'pg';
import { withOwnServer } from '../devices/fixtures.ts';

const test = withOwnServer();
const reason = 'complaint no. 41';

test('an admin finds recalled and edited texts, the log has each access, an export is checked, tampering is detected', async ({
  people,
  device,
  stack,
}) => {
  // The first account of a workspace is its admin.
  const [admin] = await people('Admin');
  const [ann, ben] = await people('Ann', 'Ben');
  const trip = await group('Harbour trip', ann, ben);
  const edited = await send(ann, trip, 'The walrus leaves at nine');
  await ann.api.mutate('messages.edit', {
    conversationId: trip.id,
    seq: edited.seq,
    body: 'The walrus leaves at ten',
  });
  const recalled = await send(ann, trip, 'walrus to be forgotten');
  await ann.api.mutate('messages.recall', { conversationId: trip.id, seq: recalled.seq });

  const { page } = await device(admin, 'laptop');
  await page.goto('/admin/history');
  await page.getByTestId('search-field').fill('walrus');
  await expect(page.getByRole('button', { name: 'Search', exact: true })).toBeDisabled();
  await page.getByTestId('reason').fill(reason);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  const hits = page.getByTestId('history-hit');
  await expect(hits).toHaveCount(2);
  await expect(hits.first()).toContainText('walrus to be forgotten');
  await expect(hits.first()).toHaveAttribute('data-state', 'recalled');
  await hits.nth(1).getByRole('button', { name: 'Who could see this' }).click();
  await expect(page.getByTestId('version')).toHaveCount(2);
  await expect(page.getByTestId('version').nth(1).locator('del')).toHaveText('nine');
  await page.getByText('2 people could see it').first().click();
  await expect(page.getByTestId('version').first()).toContainText(ben.name);
  await page.keyboard.press('Escape');
  await hits.first().getByRole('button', { name: 'In its conversation' }).click();
  await expect(page.getByRole('dialog').getByText('walrus to be forgotten')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Export this selection' }).click();
  await page.getByRole('link', { name: 'Exports' }).click();
  const row = page.locator('[data-testid=export][data-status=done]');
  await expect(row).toBeVisible();
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-download-'));
  const files: string[] = [];
  for (const button of await row.getByRole('button').all()) {
    const name = ((await button.textContent()) ?? '').replace(/\d+ KiB$/, '').trim();
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    await download.saveAs(join(folder, name));
    // It is served at this address, and to this session for a minute.
    const { pathname } = new URL(download.url());
    expect((await page.request.get(pathname)).status(), pathname).toBe(200);
    files.push(pathname);
  }
  expect(files.length).toBeGreaterThan(1);
  const checked = await verifyExport(folder);
  expect(checked).toMatchObject({ problems: [], faults: [], manifest: { messages: 2, reason } });
  const { audit } = checked.manifest;
  const file = join(folder, 'messages.ndjson');
  writeFileSync(file, readFileSync(file, 'utf8').replace('forgotten', 'remembered'));
  expect((await verifyExport(folder)).faults).toEqual([
    { file: 'messages.ndjson', kind: 'changed', line: 2 },
  ]);
  rmSync(folder, { recursive: true });

  await page.getByRole('link', { name: 'Audit log' }).click();
  const entries = page.getByTestId('audit-entry');
  await expect(entries.last()).toContainText(reason);
  await expect(entries.last()).toContainText('searched');
  const verify = async (head: string) => {
    await page.getByLabel('A head you saved').fill(head);
    await page.getByRole('button', { name: 'Verify' }).click();
  };
  // The head in the manifest is one that was kept outside.
  await verify(`${audit.n}:${'a'.repeat(64)}`);
  await expect(page.getByTestId('report')).toContainText('the chain was rewritten');
  await verify(`${audit.n}:${audit.hash}`);
  await expect(page.getByTestId('report')).toContainText('Intact');
  await expect(page.getByTestId('report')).not.toContainText('the chain was rewritten');
  const root = new pg.Client({ connectionString: stack.databaseUrl });
  await root.connect();
  await root.query('alter table audit_entry disable trigger all');
  await root.query(`update audit_entry set reason = 'curiosity' where n = 2`);
  await root.end();
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByTestId('report')).toContainText('Row 2 was changed');

  await expect(page.getByRole('checkbox', { name: 'Show members' })).toBeChecked();

  const member = await device(ben, 'laptop');
  await test.step('who edits is told who can read the earlier text, on a phone too', async () => {
    const authorOnly = page.getByRole('checkbox', { name: 'Only the author and administrators' });
    const wide = member.page.viewportSize() ?? { width: 1280, height: 800 };
    for (const [readers, text] of [
      ['author', 'Only you and administrators can still read the earlier text.'],
      ['members', 'Everyone here can still read the earlier text.'],
    ] as const) {
      await authorOnly.setChecked(readers === 'author');
      await expect(entries.first()).toContainText(`earlierTexts: ${readers}`);
      await page.reload();
      await expect(authorOnly).toBeChecked({ checked: readers === 'author' });
      // The page learns of it when it is loaded.
      await member.page.reload();
      await member.open(trip);
      await member.say(`for ${readers}`);
      const message = member.said(`for ${readers}`);
      await expect(message).toHaveAttribute('data-state', 'sent');
      await message.focus();
      await message.press('e');
      const kept = member.page.getByTestId('versions-kept');
      for (const size of [wide, { width: 360, height: 640 }]) {
        await member.page.setViewportSize(size);
        await expect(kept).toBeInViewport({ ratio: 1 });
        await expect(kept).toHaveText(text);
      }
      await member.page.setViewportSize(wide);
      await member.composer.press('Escape');
    }
  });

  // A member sees the access, and cannot open the pages of admins.
  await member.page.getByRole('button', { name: /members/ }).click();
  await expect(member.page.getByTestId('looks')).toContainText(admin.name);
  for (const path of ['/admin', '/admin/history', '/admin/audit', '/admin/exports'])
    expect((await member.page.goto(path))?.status(), path).toBe(404);
  await expect(ben.api.mutate('admin.search', { reason, text: 'walrus' })).rejects.toThrow();
  for (const file of files) expect((await member.page.request.get(file)).status(), file).toBe(404);
});
