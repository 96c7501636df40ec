import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { DiskStore } from '../../src/store/disk.ts';
import { ANN, ownServer, server, uuid } from '../server.ts';
import { Browser, type EngineTab } from './browser.ts';

const [TEA, SEA] = [uuid(100), uuid(101)];
const ROOMS = [TEA, SEA];

ownServer();

const open = async (browser: Browser, tab: EngineTab) => {
  for (const id of ROOMS) void tab.engine.open(id);
  await browser.advance(500);
};

const clientIds = (id: string) => server.messages(id).flatMap((m) => (m.body === null ? [] : m.clientId));

const shownIn = (tab: EngineTab, id: string) =>
  tab.state.timelines.get(id)?.messages.flatMap((m) => (m.body === null ? [] : m.clientId));

/** Everything is sent, once and in order, and every tab shows it so. */
const checkAll = async (browser: Browser) => {
  for (const tab of browser.tabs) expect(tab.fault).toBeNull();
  for (const id of ROOMS) {
    const stored = clientIds(id);
    expect(new Set(stored).size).toBe(stored.length);
    for (const tab of browser.tabs) {
      const sent = tab.sent.get(id) ?? [];
      for (const clientId of sent) if (tab.kept.has(clientId)) expect(stored).toContain(clientId);
      const mine = stored.filter((clientId) => sent.includes(clientId));
      expect(mine).toEqual(sent.filter((clientId) => mine.includes(clientId)));
    }
    for (const tab of browser.live) expect(shownIn(tab, id)).toEqual(stored);
  }
  for (const tab of browser.live) expect(tab.state.outbox).toEqual([]);
  expect(browser.live.filter((tab) => tab.state.leader)).toHaveLength(1);
  await browser.leader?.engine.flush();
  const saved = await browser.leader?.store.load();
  expect(saved?.commands).toEqual([]);
  expect(saved?.pos).toBe(browser.leader?.state.pos);
};

for (const kind of ['memory', 'disk'] as const) {
  describe(`three tabs on one ${kind}`, () => {
    let browser: Browser;
    let tabs: EngineTab[];

    beforeEach(async () => {
      for (const id of ROOMS) await server.create(id);
      const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
      browser = kind === 'memory' ? new Browser() : new Browser(() => new DiskStore({ userId: ANN, idb }));
      tabs = [browser.open()];
      await browser.until(() => tabs[0]?.state.leader === true, 5_000);
      tabs.push(browser.open(), browser.open());
      await browser.until(() => tabs.every((tab) => tab.state.caughtUp), 10_000);
      for (const tab of tabs) await open(browser, tab);
      expect(tabs.map((tab) => tab.state.leader)).toEqual([true, false, false]);
    });

    const settled = () =>
      browser.until(() => browser.live.every((tab) => tab.state.outbox.length === 0), 30_000);

    it('what each of them sends is stored once, in its order, and shown in all of them', async () => {
      for (let i = 0; i < 5; i++)
        for (const tab of tabs) for (const id of ROOMS) tab.send(id, `${tab.tab.name} ${i}`);
      await settled();
      await browser.advance(1_000);
      expect(clientIds(TEA)).toHaveLength(15);
      await checkAll(browser);
    });

    it('the leader crashes in mid-send, before and after the server has stored it', async () => {
      for (const moment of [5, 25, 45]) {
        for (const tab of browser.live) for (const id of ROOMS) tab.send(id, `${tab.tab.name} ${moment}`);
        await browser.advance(moment);
        browser.leader?.crash();
        await settled();
        const next = browser.open();
        await browser.until(() => next.state.caughtUp, 10_000);
        await open(browser, next);
        await browser.advance(2_000);
        await checkAll(browser);
        expect(browser.live).toHaveLength(3);
      }
      expect(clientIds(TEA).length).toBeGreaterThanOrEqual(6);
    });

    it('the leader is frozen in mid-send: who waits sends on; awake again, it shows the same', async () => {
      for (const tab of tabs) for (let i = 0; i < 4; i++) tab.send(TEA, `${tab.tab.name} ${i}`);
      await browser.advance(30);
      tabs[0]?.tab.freeze();
      tabs[0]?.way.cut();
      await settled();
      expect(tabs[1]?.state.leader || tabs[2]?.state.leader).toBe(true);
      tabs[0]?.tab.resume();
      await browser.advance(5_000);
      await checkAll(browser);
      expect(clientIds(TEA)).toHaveLength(12);
    });

    it('all are closed with something unsent: the next start sends it', async () => {
      for (const tab of tabs) tab.offline();
      for (const tab of tabs) tab.send(TEA, tab.tab.name);
      await browser.advance(1_000);
      for (const tab of tabs) tab.crash();
      const next = browser.open();
      expect(await next.store.commands.all()).toHaveLength(3);
      await open(browser, next);
      await settled();
      await browser.advance(2_000);
      expect(clientIds(TEA)).toHaveLength(3);
      await checkAll(browser);
    });

    it('a draft written in one is there in the others, and gone from all when it is sent', async () => {
      const texts = () => browser.live.map((tab) => tab.state.drafts.get(TEA)?.text ?? '');
      tabs[1]?.engine.setDraft(TEA, 'half a thought');
      await browser.until(() => texts().every((text) => text === 'half a thought'), 5_000);
      await browser.advance(3_000);
      tabs[2]?.send(TEA, 'half a thought, finished');
      await browser.until(() => texts().every((text) => text === ''), 5_000);
      await settled();
      await browser.advance(5_000);
      expect(texts()).toEqual(['', '', '']);
      await checkAll(browser);
    });
  });
}
