import { skipOnInstallation } from '@lockstep/testing/kit';
import type { Page } from '@playwright/test';
import { devtools, expect, test } from './local-store/pages.ts';

skipOnInstallation('it is about the browser alone');

/** Opens the store of this page, and takes the lead when asked to. */
const openStore = (page: Page, lead = false) =>
  page.evaluate(async (lead) => {
    const store = new window.tools.DiskStore({ userId: 'me', timeoutMs: 3_000 });
    window.tools.store = store;
    const saved = await store.load();
    if (lead) window.tools.epoch = (await store.takeOver()).epoch;
    return { saved, kind: store.kind };
  }, lead);

const databases = (page: Page): Promise<(string | undefined)[]> =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));

test('what is written is there after a reload, and in another tab', async ({ openTab }) => {
  const [page, other] = [await openTab(), await openTab()];
  await openStore(page, true);
  await page.evaluate(async () => {
    const { store, epoch } = window.tools;
    const message = (seq: number) => ({ conversationId: 'c', seq, rev: seq, body: `text ${seq}` }) as never;
    const messages = Array.from({ length: 50 }, (_, i) => message(i + 1));
    const held = [{ conversationId: 'c', since: 50, rev: 50, ranges: [[1, 50]] as [number, number][] }];
    await store?.write(epoch, { pos: 7, messages, held });
    const args = { conversationId: 'c', body: '未完' };
    const row = { id: 'x', name: 'send', key: 'messages c', args, order: 1, at: 1, state: 'pending' };
    await store?.commands.change(['x'], () => [row as never]);
  });
  await page.reload();
  for (const tab of [page, other]) {
    const { saved, kind } = await openStore(tab);
    expect(kind).toBe('disk');
    expect(saved).toMatchObject({
      pos: 7,
      commands: [{ id: 'x', args: { body: '未完' } }],
      held: [{ rev: 50, ranges: [[1, 50]] }],
    });
    const found = await tab.evaluate(() => window.tools.store?.messages('c', 11, 13));
    expect(found?.messages.map((m) => m.body)).toEqual(['text 11', 'text 12', 'text 13']);
  }
});

test('a tab that dies in mid-write leaves entries and cursor as one', async ({ openTab, context }) => {
  const reader = await openTab();
  for (let turn = 0; turn < 4; turn++) {
    const page = await openTab();
    const { saved } = await openStore(page, true);
    // Each write moves all entries to the same new place, as fast as the disk takes them, until the tab is gone.
    const progress = page.evaluate(async (from) => {
      const { store, epoch } = window.tools;
      const head = { conversation: { headRev: 0 } };
      for (let pos = from + 1; ; pos++) {
        const entries = Array.from(
          { length: 40 },
          (_, i) => ({ ...head, pos, conversation: { id: `c${i}`, headRev: pos } }) as never,
        );
        await store?.write(epoch, { entries, pos });
        window.tools.reported.push(`${pos}`);
      }
    }, saved.pos);
    progress.catch(() => {});
    await page.waitForFunction((most) => window.tools.reported.length > most, 3 + turn * 5);
    const cdp = await devtools(context, page);
    const crashed = page.waitForEvent('crash');
    cdp.send('Page.crash').catch(() => {});
    await crashed;
    await page.close();
    await reader.reload();
    const after = await openStore(reader);
    expect(after.kind).toBe('disk');
    expect(after.saved.pos).toBeGreaterThan(saved.pos);
    expect(after.saved.entries).toHaveLength(40);
    expect(new Set(after.saved.entries.map((entry) => entry.pos))).toEqual(new Set([after.saved.pos]));
  }
});

test('one of an unknown schema is built anew, with what was not sent', async ({ openTab }) => {
  const page = await openTab();
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open('lockstep-me', 9_000);
        request.onupgradeneeded = () => {
          const outbox = request.result.createObjectStore('outbox', { keyPath: 'clientId' });
          outbox.put({ clientId: 'x', conversationId: 'c', body: 'not sent yet', createdAt: 5, order: 5 });
        };
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
        request.onerror = () => reject(request.error);
      }),
  );
  const { saved, kind } = await openStore(page);
  expect(kind).toBe('disk');
  expect(saved.commands).toMatchObject([{ id: 'x', args: { body: 'not sent yet' }, state: 'pending' }]);
});

test('a wipe deletes it, with one tab open and one that does not answer', async ({ openTab, context }) => {
  const [page, open, stuck] = [await openTab(), await openTab(), await openTab()];
  for (const tab of [page, open, stuck]) await openStore(tab);
  await page.evaluate(async () => {
    const args = { conversationId: 'c', body: 'secret' };
    const row = { id: 'x', name: 'send', key: 'messages c', args, order: 1, at: 1, state: 'pending' };
    await window.tools.store?.commands.change(['x'], () => [row as never]);
  });
  const cdp = await devtools(context, stuck);
  await cdp.send('Debugger.enable');
  await cdp.send('Debugger.pause');
  // It ends although the other tab still stands where it was stopped.
  await page.evaluate(() => window.tools.store?.wipe());
  expect(await open.evaluate(() => window.tools.store?.kind)).toBe('memory');
  await stuck.close({ runBeforeUnload: false });
  await expect.poll(() => databases(page)).toEqual([]);
  const { saved, kind } = await openStore(page);
  expect({ commands: saved.commands, kind }).toEqual({ commands: [], kind: 'disk' });
});
