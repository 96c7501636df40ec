import { LockstepError, mention } from '@lockstep/protocol';
import { VirtualClock } from '@lockstep/testing/sim/clock';
import { seeded } from '@lockstep/testing/sim/random';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalDraft } from '../src/draft.ts';
import { createEngine } from '../src/engine.ts';
import type { PushHandlers, Transport } from '../src/ports.ts';
import { MemoryDisk, MemoryStore } from '../src/store/memory.ts';
import { aloneTabs } from '../src/tabs/alone.ts';
import type { Tabs } from '../src/tabs/port.ts';
import type { Engine } from '../src/types.ts';
import { Browser } from './sim/browser.ts';
import type { Device } from './sim/device.ts';
import { ModelServer } from './sim/model-server.ts';
import { Network } from './sim/network.ts';

const ID = 'tea';
const OTHER = 'sea';
let clock: VirtualClock;
let server: ModelServer;
let network: Network;
let disk: MemoryDisk;
let ids: number;

beforeEach(() => {
  clock = new VirtualClock();
  server = new ModelServer(() => clock.now());
  network = new Network(server, clock, seeded(1));
  disk = new MemoryDisk();
  ids = 0;
  server.create(ID, ['ann', 'ben']);
});

type Change = (real: Transport) => Partial<Transport>;

/** Ann's device, begun anew on what is on its disk. `crash` leaves it as it is, in the middle of everything. */
const boot = (
  up = true,
  change: Change = () => ({}),
  { cached = 30, diskMs = 0, tabs = aloneTabs() } = {},
) => {
  let gone = false;
  const net = { up };
  const real = network.transport('ann', net, {
    turn: () => new Promise<void>(() => {}),
    get state() {
      return gone ? 'gone' : 'live';
    },
  });
  const store = new MemoryStore({
    userId: 'ann',
    disk,
    kind: 'disk',
    pause: async () => {
      if (diskMs > 0) await clock.wait(diskMs);
      if (gone) await new Promise(() => {});
    },
  });
  const engine = createEngine({
    userId: 'ann',
    transport: { ...real, ...change(real) },
    clock,
    random: seeded(2),
    newId: () => `id-${++ids}`,
    store,
    tabs,
    cached,
  });
  engine.start();
  const crash = () => {
    gone = true;
    net.up = false;
    real.drop();
    engine.stop();
  };
  const online = () => {
    net.up = true;
    engine.wake();
  };
  const offline = () => {
    net.up = false;
    real.cut();
  };
  return { engine, crash, online, offline, store };
};

const settle = () => clock.advance(2_000);
const bodies = (id = ID) => server.conversations.get(id)?.messages.flatMap((m) => m.body ?? []) ?? [];
const shown = (engine: Engine, id = ID) =>
  engine
    .getState()
    .timelines.get(id)
    ?.messages.flatMap((m) => m.body ?? []) ?? [];
const entry = (engine: Engine, id = ID) => engine.getState().inbox.get(id);
const open = async (engine: Engine, id = ID) => {
  void engine.open(id);
  await settle();
};
const say = (count: number, id = ID) => {
  for (let i = 1; i <= count; i++) server.send('ben', id, `ben-${id}-${i}`, `text ${i}`);
  server.fanOut(id);
};

describe('what is on disk', () => {
  it('is painted before the network has answered, list and conversation', async () => {
    say(3);
    const first = boot();
    await open(first.engine);
    await first.engine.flush();
    first.crash();
    const { engine } = boot(false);
    await clock.advance(0);
    expect(engine.getState()).toMatchObject({ loaded: true, storage: 'disk', caughtUp: false });
    expect(entry(engine)).toMatchObject({ unread: 3, last: { body: 'text 3' } });
    void engine.open(ID);
    await clock.advance(0);
    expect(shown(engine)).toEqual(['text 1', 'text 2', 'text 3']);
  });

  it('rule 6: is caught up from its own cursors, edits and recalls too', async () => {
    say(3);
    const first = boot();
    await open(first.engine);
    await first.engine.flush();
    first.crash();
    server.change('ben', ID, 3, { body: 'better', editedAt: 1 });
    server.change('ben', ID, 4, { body: null, recalledAt: 1 });
    server.send('ben', ID, 'late', 'text 4');
    server.fanOut(ID);
    let pages = 0;
    const { engine } = boot(true, (real) => ({
      before: (...args) => {
        pages++;
        return real.before(...args);
      },
    }));
    await open(engine);
    expect(shown(engine)).toEqual(['better', 'text 3', 'text 4']);
    expect(pages).toBe(0);
    await engine.flush();
    expect(disk.messages.get(ID)?.get(3)?.body).toBe('better');
    expect(engine.digest().conversations).toEqual(server.digest('ann', []).conversations);
  });

  it('rule 8: a device far behind starts again with the newest page, on disk as well', async () => {
    say(3);
    const first = boot();
    await open(first.engine);
    await first.engine.flush();
    first.crash();
    for (let i = 0; i < 1_100; i++) server.send('ben', ID, `late-${i}`, `late ${i}`);
    server.fanOut(ID);
    const { engine } = boot();
    await open(engine);
    expect(shown(engine).at(-1)).toBe('late 1099');
    await engine.flush();
    expect(disk.held.get(ID)?.ranges).toEqual([[1_056, 1_105]]);
  });

  it('can be read offline, up to the first hole, which is filled when the network is back', async () => {
    say(300);
    const { engine, offline, online } = boot();
    await open(engine);
    void engine.loadAround(ID, 40);
    await settle();
    void engine.jumpToNewest(ID);
    await settle();
    offline();
    for (let i = 0; i < 4; i++) {
      void engine.loadBefore(ID);
      await settle();
    }
    const first = () => engine.getState().timelines.get(ID)?.messages[0]?.seq;
    expect(first()).toBe(253);
    expect(engine.getState().timelines.get(ID)?.error).toBe('unavailable');
    void engine.loadAround(ID, 41);
    await settle();
    expect(
      engine
        .getState()
        .timelines.get(ID)
        ?.messages.map((m) => m.seq),
    ).toContain(41);
    void engine.jumpToNewest(ID);
    await settle();
    online();
    for (let i = 0; i < 7; i++) {
      void engine.loadBefore(ID);
      await settle();
    }
    const seqs = engine
      .getState()
      .timelines.get(ID)
      ?.messages.map((m) => m.seq);
    expect(seqs).toEqual(Array.from({ length: 302 }, (_, i) => i + 1));
  });

  it('rule 6: a tab that does not lead takes no page from the disk that is older than what it shows', async () => {
    say(300);
    const first = boot();
    await open(first.engine);
    for (let i = 0; i < 3; i++) {
      void first.engine.loadBefore(ID);
      await settle();
    }
    await first.engine.flush();
    first.crash();
    const { engine } = boot(true, () => ({}), { tabs: { ...aloneTabs(), lead: () => () => {} } });
    await open(engine);
    server.change('ben', ID, 240, { body: 'edited meanwhile', editedAt: 1 });
    await settle();
    void engine.loadBefore(ID);
    await settle();
    expect(engine.getState()).toMatchObject({ leader: false });
    expect(shown(engine)).toHaveLength(100);
    expect(shown(engine)).toContain('edited meanwhile');
  });

  it('rule 6: a tab that knows less than the disk writes nothing over it when it comes to lead', async () => {
    const first = boot();
    await settle();
    await first.engine.flush();
    let lead = () => {};
    const tabs: Tabs = {
      ...aloneTabs(),
      lead: ({ onLead }) => {
        lead = onLead;
        return () => {};
      },
    };
    const second = boot(false, () => ({}), { tabs });
    await settle();
    server.create(OTHER, ['ann', 'ben']);
    await settle();
    await first.engine.flush();
    first.crash();
    lead();
    await settle();
    expect(second.engine.getState()).toMatchObject({ leader: true });
    await second.engine.flush();
    expect([...disk.entries.keys()].sort()).toEqual([OTHER, ID]);
    second.online();
    await settle();
    await second.engine.flush();
    expect(disk.pos).toBe(second.engine.getState().pos);
  });

  it('rule 6: what was still to be fetched at a crash is fetched after it', async () => {
    server.create(OTHER, ['ann', 'ben'], 'read');
    let hangs = false;
    const first = boot(true, (real) => ({
      entry: (id) => (hangs ? new Promise(() => {}) : real.entry(id)),
    }));
    await settle();
    hangs = true;
    first.offline();
    server.rename(OTHER, 'ben', 'Lake');
    first.online();
    await settle();
    await first.engine.flush();
    first.crash();
    const { engine } = boot();
    await settle();
    expect(entry(engine, OTHER)?.conversation.title).toBe('Lake');
  });

  it('rule 5: what the leading tab writes while another reads makes no hole', async () => {
    say(3);
    const first = boot();
    await open(first.engine);
    await first.engine.flush();
    const second = boot(false, () => ({}), { tabs: { ...aloneTabs(), lead: () => () => {} } });
    await settle();
    const { messages } = second.store;
    second.store.messages = async (...args) => {
      second.store.messages = messages;
      const found = await messages.apply(second.store, args);
      for (let i = 4; i <= 6; i++) server.send('ben', ID, `more-${i}`, `text ${i}`);
      await clock.wait(1_000);
      await first.engine.flush();
      return found;
    };
    await open(second.engine);
    expect(shown(second.engine)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `text ${i}`));
  });

  it('a page out of the middle is not taken for the end', async () => {
    say(300);
    const first = boot(true, () => ({}), { cached: 0 });
    await settle();
    void first.engine.loadAround(ID, 40);
    await settle();
    await first.engine.flush();
    first.crash();
    const { engine } = boot(false, () => ({}), { cached: 0 });
    await open(engine);
    expect(engine.getState().timelines.get(ID)).toMatchObject({ error: 'unavailable', messages: [] });
  });

  it('has the newest page of what was never opened, and goes to a date offline', async () => {
    server.create(OTHER, ['ann', 'ben']);
    const times: number[] = [];
    for (let i = 1; i <= 10; i++) {
      await clock.advance(60_000);
      times.push(clock.now());
      server.send('ben', OTHER, `b-${i}`, `text ${i}`);
    }
    server.fanOut(OTHER);
    const { engine, offline } = boot();
    await settle();
    offline();
    await open(engine, OTHER);
    expect(shown(engine, OTHER)).toHaveLength(10);
    const found = engine.loadAtTime(OTHER, (times[4] ?? 0) - 1);
    await settle();
    expect(await found).toBe(7);
  });

  it('shows a name offline that came with the list', async () => {
    const ben = { id: 'ben', name: 'Ben', image: null, placeholder: false, lastSeenAt: null };
    const first = boot(true, (real) => ({
      inbox: async (...args) => ({ ...(await real.inbox(...args)), people: [ben] }),
    }));
    await settle();
    await first.engine.flush();
    first.crash();
    const { engine } = boot(false);
    await clock.advance(0);
    expect(engine.getState().people.get('ben')).toEqual(ben);
  });

  it.each(['revoked', 'signed_out'] as const)('is wiped when the session is %s', async (reason) => {
    const pushed: { handlers?: PushHandlers } = {};
    const { engine } = boot(true, (real) => ({
      connect: (handlers) => {
        pushed.handlers = handlers;
        return real.connect(handlers);
      },
    }));
    await settle();
    engine.setDraft(ID, 'half a thought');
    await engine.flush();
    expect([disk.entries.size, disk.drafts.size]).toEqual([1, 1]);
    pushed.handlers?.ended({ reason });
    await settle();
    expect(engine.getState()).toMatchObject({ connection: 'ended', endedBecause: reason });
    expect(engine.getState().inbox.size).toBe(0);
    expect(disk.entries.size + disk.held.size + disk.messages.size + disk.drafts.size).toBe(0);
  });

  it('stays when the session has run out, and so does what was not sent', async () => {
    let ended = false;
    const { engine, crash } = boot(true, (real) => ({
      send: async (...args) => {
        if (ended) throw new LockstepError('unauthenticated', 'over', { ended: 'expired' });
        return real.send(...args);
      },
    }));
    await settle();
    ended = true;
    engine.setDraft(ID, 'half a thought');
    engine.send(OTHER, 'unsent');
    await settle();
    expect(engine.getState()).toMatchObject({ connection: 'ended', endedBecause: 'expired' });
    await engine.flush();
    expect([...disk.outbox.values()]).toMatchObject([{ body: 'unsent', state: 'pending' }]);
    expect(disk.drafts.get(ID)?.text).toBe('half a thought');
    crash();
  });
});

describe('the outbox', () => {
  it('is on disk before anything goes out', async () => {
    const stored: boolean[] = [];
    const change: Change = (real) => ({
      send: (id, clientId, body) => {
        stored.push(disk.outbox.has(clientId));
        return real.send(id, clientId, body);
      },
    });
    const { engine } = boot(true, change, { diskMs: 200 });
    await clock.advance(5_000);
    // Each while the one before is on its way: its answer comes sooner than the disk.
    for (let i = 0; i < 3; i++) {
      engine.send(ID, `text ${i}`);
      await clock.advance(205);
    }
    await settle();
    expect(stored).toEqual([true, true, true]);
    await clock.advance(5_000);
    expect(disk.outbox.size).toBe(0);
  });

  it('rules 2 and 3: after a crash in mid-send, everything is sent in order under the same ids, once', async () => {
    const first = boot(true, (real) => ({
      send: async (...args) => {
        await real.send(...args);
        return new Promise(() => {});
      },
    }));
    await settle();
    network.weather = { ...network.weather, lose: 1 };
    const sent = ['a', 'b', 'c'].map((body) => first.engine.send(ID, body));
    await settle();
    first.crash();
    const { engine } = boot();
    await clock.advance(0);
    expect(engine.getState().outbox.map((item) => item.clientId)).toEqual(sent);
    await open(engine);
    expect(bodies()).toEqual(['a', 'b', 'c']);
    expect(shown(engine)).toEqual(['a', 'b', 'c']);
    expect(engine.getState().outbox).toEqual([]);
  });

  it('an answer of the disk that comes too late takes no message off it', async () => {
    const { engine, store, online } = boot(false);
    await settle();
    const sent = engine.send(ID, 'still there');
    await engine.flush();
    const { all } = store.outbox;
    store.outbox.all = async () => {
      store.outbox.all = all;
      return [];
    };
    engine.wake();
    await settle();
    await engine.flush();
    expect(disk.outbox.has(sent)).toBe(true);
    online();
    await clock.advance(5_000);
    expect(bodies()).toEqual(['still there']);
  });

  it('keeps what was refused, with its reason, until its person decides', async () => {
    let refuse = true;
    const change: Change = (real) => ({
      send: async (...args) => {
        if (refuse) throw new LockstepError('invalid_input');
        return real.send(...args);
      },
    });
    const first = boot(true, change);
    await settle();
    const bad = first.engine.send(ID, 'bad');
    const worse = first.engine.send(ID, 'worse');
    await settle();
    await first.engine.flush();
    first.crash();
    const { engine } = boot(true, change);
    await settle();
    expect(engine.getState().outbox).toMatchObject([
      { clientId: bad, state: 'failed', error: 'invalid_input' },
      { clientId: worse, state: 'failed', error: 'invalid_input' },
    ]);
    refuse = false;
    engine.discard(bad);
    engine.retry(worse);
    await settle();
    await engine.flush();
    expect(bodies()).toEqual(['worse']);
    expect(disk.outbox.size).toBe(0);
  });

  it('goes on in memory when the disk goes, and says so', async () => {
    const { engine, store, online } = boot(false);
    await settle();
    engine.send(ID, 'first');
    await settle();
    const broken = store as { kind: 'disk' | 'memory' };
    broken.kind = 'memory';
    engine.send(ID, 'second');
    online();
    await settle();
    expect(bodies()).toEqual(['first', 'second']);
  });
});

describe('what is personal', () => {
  it('shows at once, survives a crash offline, and is not undone by an entry that comes in meanwhile', async () => {
    const first = boot();
    await settle();
    first.offline();
    first.engine.setPersonal(ID, { pinned: true, mutedUntil: 5 });
    first.engine.setDraft(ID, 'unfinished');
    expect(entry(first.engine)).toMatchObject({ mutedUntil: 5, pinnedAt: expect.any(Number) });
    await settle();
    first.crash();
    say(1);
    const { engine, online } = boot(false);
    await clock.advance(0);
    expect(entry(engine)?.mutedUntil).toBe(5);
    expect(engine.getState().drafts.get(ID)).toMatchObject({ text: 'unfinished', pending: true });
    engine.applyEntry(server.entry('ann', ID));
    expect(entry(engine)?.mutedUntil).toBe(5);
    online();
    await clock.advance(5_000);
    expect(server.entry('ann', ID)).toMatchObject({ mutedUntil: 5, draft: { text: 'unfinished' } });
    await engine.flush();
    expect([...disk.personal.values(), ...disk.drafts.values()]).toEqual([]);
  });

  it('rule 7: reading and then "mark as unread" arrive in that order', async () => {
    say(3);
    const { engine, offline, online } = boot();
    await settle();
    offline();
    engine.markRead(ID, 5);
    engine.setPersonal(ID, { markedUnread: true });
    await settle();
    online();
    await settle();
    expect(server.entry('ann', ID)).toMatchObject({ readSeq: 5, markedUnread: true, unread: 0 });
    engine.markRead(ID, 5);
    expect(entry(engine)?.markedUnread).toBe(false);
    await settle();
    expect(server.entry('ann', ID).markedUnread).toBe(false);
  });

  it('what is changed again while it is on its way is told as it is in the end', async () => {
    const { engine } = boot();
    await settle();
    engine.setPersonal(ID, { pinned: true });
    await clock.advance(5);
    engine.setPersonal(ID, { pinned: false, mutedUntil: 7 });
    await settle();
    expect(server.entry('ann', ID)).toMatchObject({ pinnedAt: null, mutedUntil: 7 });
    expect(entry(engine)).toMatchObject({ pinnedAt: null, mutedUntil: 7 });
  });

  it('a change that is refused is taken back', async () => {
    const { engine } = boot(true, () => ({
      personal: async () => {
        throw new LockstepError('invalid_input');
      },
    }));
    await settle();
    engine.setPersonal(ID, { pinned: true });
    expect(entry(engine)?.pinnedAt).not.toBeNull();
    await settle();
    expect(entry(engine)?.pinnedAt).toBeNull();
  });

  it('what a tab that was behind wrote after its conversation was left is given up, on disk too', async () => {
    const { engine } = boot();
    await settle();
    server.remove(ID, 'ann');
    await settle();
    expect(entry(engine)).toBeUndefined();
    disk.reading.set(ID, { conversationId: ID, seq: 1 });
    disk.personal.set(ID, { conversationId: ID, change: { pinned: true }, changedAt: 1 });
    engine.wake();
    await settle();
    expect([...disk.reading.keys(), ...disk.personal.keys()]).toEqual([]);
  });

  it('the place is told once in a while', async () => {
    const told: unknown[] = [];
    const { engine } = boot(true, (real) => ({
      personal: (id, change) => {
        told.push(change);
        return real.personal(id, change);
      },
    }));
    await settle();
    for (const seq of [1, 2, 1, 2]) engine.setPlace(ID, seq);
    await clock.advance(3_000);
    expect(told).toEqual([{ placeSeq: 2 }]);
    expect(entry(engine)?.placeSeq).toBe(2);
  });

  it('what another tab went on writing while the leader wrote it to the server is no conflict', async () => {
    const browser = new Browser('ann0', 'ann', network);
    await settle();
    const [leader, other] = [browser.tabs[0] as Device, browser.open()];
    await settle();
    other.engine.setDraft(ID, 'helo wrld');
    const isGoing = () => (leader.state.drafts.get(ID) as LocalDraft | undefined)?.tried.length === 1;
    for (let ms = 0; ms < 5_000 && !isGoing(); ms++) await clock.advance(1);
    expect(isGoing()).toBe(true);
    other.engine.setDraft(ID, 'hello world');
    await clock.advance(10_000);
    for (const { engine } of [leader, other])
      expect(engine.getState().drafts.get(ID)).toMatchObject({ text: 'hello world', conflict: false });
    expect(server.entry('ann', ID).draft?.text).toBe('hello world');
  });

  it('a draft is written once after a pause, and gone with the message', async () => {
    const told: string[] = [];
    const { engine } = boot(true, (real) => ({
      draft: (id, text, version) => {
        told.push(text);
        return real.draft(id, text, version);
      },
    }));
    await settle();
    for (const text of ['h', 'he', 'hel', 'hell', 'hello']) {
      engine.setDraft(ID, text);
      await clock.advance(300);
    }
    await clock.advance(2_000);
    expect(told).toEqual(['hello']);
    engine.send(ID, 'hello');
    expect(engine.getState().drafts.get(ID)?.text).toBe('');
    await clock.advance(3_000);
    expect(server.entry('ann', ID).draft).toMatchObject({ text: '', version: 2 });
    expect(told).toEqual(['hello', '']);
  });
});

describe('mentions and receipts', () => {
  it('rule 7: mentions are derived like unread, and what cannot be told is asked for', async () => {
    const me = '0190a0b0-0000-7000-8000-000000000001';
    server.create(OTHER, [me, 'ben']);
    const real = network.transport(me, { up: true });
    let asked = 0;
    const entryOf: Transport['entry'] = (id) => {
      asked++;
      return real.entry(id);
    };
    const transport = { ...real, entry: entryOf };
    const engine = createEngine({ userId: me, transport, clock, random: seeded(2) });
    engine.start();
    await settle();
    asked = 0;
    server.send('ben', OTHER, 'b1', `hello ${mention(me)}`);
    server.send('ben', OTHER, 'b2', 'plain');
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 2, mentions: 1 });
    server.change('ben', OTHER, 4, { body: `now ${mention(me)}` });
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 2, mentions: 2 });
    expect(asked).toBe(0);
    server.fanOut(OTHER);
    engine.applyEntry(server.entry(me, OTHER));
    server.change('ben', OTHER, 3, { body: null, recalledAt: 1 });
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 1, mentions: 1 });
    expect(asked).toBe(1);
  });

  it('rule 7: how far the others have read is known once opened, and only grows', async () => {
    say(3);
    server.read('ben', ID, 4);
    let push: PushHandlers | undefined;
    const { engine } = boot(true, (real) => ({
      connect: (handlers) => {
        push = handlers;
        return real.connect(handlers);
      },
    }));
    await settle();
    const read = () => engine.getState().receipts.get(ID)?.get('ben');
    expect(read()).toBeUndefined();
    await open(engine);
    expect(read()).toBe(5);
    push?.receipt({ conversationId: ID, userId: 'ben', readSeq: 3 });
    expect(read()).toBe(5);
    server.send('ben', ID, 'own', 'who writes has read');
    await settle();
    expect(read()).toBe(6);
  });
});

describe('overload', () => {
  it('a call waits as long as it is asked to, and nothing fails for it', async () => {
    say(200);
    const at: number[] = [];
    const { engine } = boot(true, (real) => ({
      before: async (...args) => {
        at.push(clock.now());
        if (at.length === 2) throw new LockstepError('rate_limited', 'slow down', { retryAfterMs: 4_000 });
        return real.before(...args);
      },
    }));
    await open(engine);
    void engine.loadBefore(ID);
    await clock.advance(8_000);
    expect(engine.getState().timelines.get(ID)).toMatchObject({ error: null });
    expect(shown(engine)).toHaveLength(100);
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(4_000);
  });

  it('a reconnect does not shorten what the server asked to wait', async () => {
    const at: number[] = [];
    const refuse = () => {
      at.push(clock.now());
      throw new LockstepError('rate_limited', 'slow down', { retryAfterMs: 20_000 });
    };
    const { engine } = boot(true, (real) => ({
      send: async (...args) => (at.length === 0 ? refuse() : real.send(...args)),
    }));
    await settle();
    engine.send(ID, 'patient');
    await clock.advance(3_000);
    engine.suspend();
    engine.wake();
    await clock.advance(10_000);
    expect(bodies()).toEqual([]);
    await clock.advance(20_000);
    expect(bodies()).toEqual(['patient']);
  });

  it('the place in the inbox is told at most every 5 s', async () => {
    const told: number[] = [];
    boot(true, (real) => ({
      connect: (handlers) => ({ ...real.connect(handlers), place: (pos) => told.push(pos) }),
    }));
    await settle();
    for (let i = 0; i < 20; i++) {
      server.personal('ann', ID, { pinned: i % 2 === 0 });
      await clock.advance(500);
    }
    await clock.advance(6_000);
    expect(told.length).toBeLessThanOrEqual(5);
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toBe(server.entry('ann', ID).pos);
  });
});
