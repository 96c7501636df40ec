import { VirtualClock } from '@lockstep/testing/sim/clock';
import { seeded } from '@lockstep/testing/sim/random';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DiskStore } from '../../src/store/disk.ts';
import { MemoryDisk, MemoryStore } from '../../src/store/memory.ts';
import type { HubTab } from '../../src/tabs/hub.ts';
import { ModelServer } from '../sim/model-server.ts';
import { Network } from '../sim/network.ts';
import { Browser, type EngineTab } from './browser.ts';

const ROOMS = ['tea', 'sea'];

const build = (kind: 'memory' | 'disk', seed: number) => {
  const disk = new MemoryDisk();
  const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
  const makeStore = (tab: HubTab) =>
    kind === 'memory'
      ? new MemoryStore({ userId: 'ann', disk, kind: 'disk', pause: () => tab.turn() })
      : new DiskStore({ userId: 'ann', idb });
  const clock = new VirtualClock();
  const server = new ModelServer(() => clock.now());
  const network = new Network(server, clock, seeded(seed));
  for (const id of ROOMS) server.create(id, ['ann', 'ben']);
  return { clock, server, network, disk, browser: new Browser(network, makeStore) };
};

const open = async (browser: Browser, tab: EngineTab) => {
  for (const id of ROOMS) void tab.engine.open(id);
  await browser.advance(500);
};

const clientIds = (server: ModelServer, id: string) =>
  server.conversations.get(id)?.messages.flatMap((m) => (m.body === null ? [] : m.clientId)) ?? [];

const shownIn = (tab: EngineTab, id: string) =>
  tab.state.timelines.get(id)?.messages.flatMap((m) => (m.body === null ? [] : m.clientId));

/** Rule 6, at any moment: the disk is never behind what its cursors say. */
const checkDisk = (disk: MemoryDisk, server: ModelServer) => {
  for (const { conversationId: id, ranges, rev } of disk.held.values()) {
    const log = server.conversations.get(id)?.log ?? [];
    const newest = new Map(log.filter((change) => change.rev <= rev).map((m) => [m.seq, m.rev]));
    for (const [from, to] of ranges)
      for (let seq = from; seq <= to; seq++) {
        const message = disk.messages.get(id)?.get(seq);
        expect(message?.rev, `${id} ${seq} at rev ${rev}`).toBeGreaterThanOrEqual(newest.get(seq) ?? 0);
        expect(log).toContainEqual(message);
      }
  }
  for (const id of ROOMS) {
    const { pos } = server.entry('ann', id);
    if (pos <= disk.pos) expect(disk.entries.get(id)?.pos, `${id} at pos ${disk.pos}`).toBe(pos);
  }
};

/** Everything is sent, once and in order, and every tab shows it so. */
const checkAll = async (browser: Browser, server: ModelServer) => {
  for (const tab of browser.tabs) expect(tab.violation).toBeNull();
  for (const id of ROOMS) {
    const stored = clientIds(server, id);
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
    let world: ReturnType<typeof build>;
    let tabs: EngineTab[];

    beforeEach(async () => {
      world = build(kind, 5);
      tabs = [world.browser.open()];
      await world.browser.until(() => tabs[0]?.state.leader === true, 5_000);
      tabs.push(world.browser.open(), world.browser.open());
      await world.browser.until(() => tabs.every((tab) => tab.state.caughtUp), 10_000);
      for (const tab of tabs) await open(world.browser, tab);
      expect(tabs.map((tab) => tab.state.leader)).toEqual([true, false, false]);
    });

    const settled = () =>
      world.browser.until(() => world.browser.live.every((tab) => tab.state.outbox.length === 0), 30_000);

    it('what each of them sends is stored once, in its order, and shown in all of them', async () => {
      const { browser, server } = world;
      for (let i = 0; i < 5; i++)
        for (const tab of tabs) for (const id of ROOMS) tab.send(id, `${tab.tab.name} ${i}`);
      await settled();
      await browser.advance(1_000);
      expect(clientIds(server, 'tea')).toHaveLength(15);
      await checkAll(browser, server);
    });

    it('the leader crashes in mid-send, before and after the server has stored it', async () => {
      for (const moment of [5, 25, 45]) {
        const { browser, server } = world;
        for (const tab of browser.live) for (const id of ROOMS) tab.send(id, `${tab.tab.name} ${moment}`);
        await browser.advance(moment);
        browser.leader?.crash();
        await settled();
        const next = browser.open();
        await browser.until(() => next.state.caughtUp, 10_000);
        await open(browser, next);
        await browser.advance(2_000);
        await checkAll(browser, server);
        expect(browser.live).toHaveLength(3);
      }
      expect(clientIds(world.server, 'tea').length).toBeGreaterThanOrEqual(6);
    });

    it('the leader is frozen in mid-send: who waits sends on; awake again, it shows the same', async () => {
      const { browser, server } = world;
      for (const tab of tabs) for (let i = 0; i < 4; i++) tab.send('tea', `${tab.tab.name} ${i}`);
      await browser.advance(30);
      tabs[0]?.tab.freeze();
      tabs[0]?.transport.cut();
      await settled();
      expect(tabs[1]?.state.leader || tabs[2]?.state.leader).toBe(true);
      tabs[0]?.tab.resume();
      await browser.advance(5_000);
      await checkAll(browser, server);
      expect(clientIds(server, 'tea')).toHaveLength(12);
    });

    it('all are closed with something unsent: the next start sends it', async () => {
      const { browser, server } = world;
      for (const tab of tabs) tab.net.up = false;
      for (const tab of tabs) tab.transport.cut();
      for (const tab of tabs) tab.send('tea', tab.tab.name);
      await browser.advance(1_000);
      for (const tab of tabs) tab.crash();
      const next = browser.open();
      expect(await next.store.commands.all()).toHaveLength(3);
      await open(browser, next);
      await settled();
      await browser.advance(2_000);
      expect(clientIds(server, 'tea')).toHaveLength(3);
      await checkAll(browser, server);
    });

    it('a draft written in one is there in the others, and gone from all when it is sent', async () => {
      const { browser, server } = world;
      const texts = () => browser.live.map((tab) => tab.state.drafts.get('tea')?.text ?? '');
      tabs[1]?.engine.setDraft('tea', 'half a thought');
      await browser.until(() => texts().every((text) => text === 'half a thought'), 5_000);
      await browser.advance(3_000);
      tabs[2]?.send('tea', 'half a thought, finished');
      await browser.until(() => texts().every((text) => text === ''), 5_000);
      await settled();
      await browser.advance(5_000);
      expect(texts()).toEqual(['', '', '']);
      await checkAll(browser, server);
    });
  });
}

it('any mixture of tabs that open, close, crash, freeze and write: all of it once, in order, everywhere', async () => {
  const act = fc.record({
    tab: fc.nat(9),
    what: fc.oneof(
      { weight: 6, arbitrary: fc.constant('send') },
      { weight: 3, arbitrary: fc.constantFrom('ben', 'edit', 'read') },
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ...['open', 'close', 'crash', 'freeze', 'notice', 'resume', 'offline', 'online'],
        ),
      },
    ),
    room: fc.constantFrom(...ROOMS),
    pause: fc.oneof(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 4_000 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(act, { maxLength: 25 }), async (seed, acts) => {
      const { browser, server, disk } = build('memory', seed);
      let said = 0;
      const add = async () => {
        const tab = browser.open();
        await browser.advance(10);
        for (const id of ROOMS) void tab.engine.open(id);
      };
      await add();
      await add();
      for (const { tab: n, what, room, pause } of acts) {
        const some = browser.tabs.filter((tab) => tab.tab.state !== 'gone');
        const tab = some[n % Math.max(1, some.length)];
        if (what === 'open' && some.length < 4) await add();
        else if (what === 'ben') server.send('ben', room, `ben-${++said}`, 'hello');
        else if (what === 'edit') {
          const stored =
            server.conversations.get(room)?.messages.filter((m) => m.senderId === 'ben' && m.body) ?? [];
          const { seq } = stored[n % Math.max(1, stored.length)] ?? {};
          if (seq) server.change('ben', room, seq, { body: `edited ${++said}`, editedAt: said });
        } else if (what === 'read' && tab?.live) tab.engine.markRead(room, said);
        else if (what === 'send' && tab?.live && tab.state.inbox.has(room)) tab.send(room, `${++said}`);
        else if (what === 'close' && tab?.live) {
          tab.engine.stop();
          tab.tab.close();
        } else if (what === 'crash') tab?.crash();
        else if (what === 'freeze' || what === 'notice') tab?.tab.freeze(what === 'notice');
        else if (what === 'resume') tab?.tab.resume();
        else if (what === 'offline' && tab) {
          tab.net.up = false;
          tab.transport.cut();
        } else if (what === 'online' && tab && tab.tab.state !== 'gone') {
          tab.net.up = true;
          if (tab.live) tab.engine.wake();
        }
        await browser.advance(pause);
        if (said % 3 === 0) for (const id of ROOMS) server.fanOut(id);
        checkDisk(disk, server);
      }
      if (browser.tabs.every((tab) => tab.tab.state === 'gone')) await add();
      for (const tab of browser.tabs) {
        if (tab.tab.state === 'gone') continue;
        tab.net.up = true;
        tab.tab.resume();
        tab.engine.wake();
        for (const id of ROOMS) void tab.engine.open(id);
      }
      for (const id of ROOMS) server.fanOut(id);
      await browser.until(
        () => browser.live.every((tab) => tab.state.outbox.length === 0 && tab.state.connection === 'online'),
        120_000,
      );
      await browser.advance(20_000);
      await checkAll(browser, server);
      checkDisk(disk, server);
    }),
    { numRuns: 40 },
  );
});
