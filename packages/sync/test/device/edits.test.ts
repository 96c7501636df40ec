import { LockstepError } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { changesOf, withChanges } from '../../src/pending/target.ts';
import type { Engine } from '../../src/types.ts';
import { Browser } from '../tabs/browser.ts';
import {
  ANN,
  BEN,
  bodies,
  boot,
  clock,
  disk,
  ID,
  network,
  open,
  ownDisk,
  rowsOf,
  server,
  settle,
} from './boot.ts';

ownDisk();

const waiting = (engine: Engine) => changesOf(engine.getState(), ID);

/** The texts as their person sees them. */
const seen = (engine: Engine) =>
  engine
    .getState()
    .timelines.get(ID)
    ?.messages.filter(({ system }) => !system)
    .map((message) => withChanges(message, waiting(engine)).body);

/** Ann has said these, and has the conversation open. */
const said = async (...texts: string[]) => {
  for (const text of texts) await server.send(ANN, ID, text);
  const device = boot();
  await open(device.engine);
  await device.engine.flush();
  const seqs = device.engine
    .getState()
    .timelines.get(ID)
    ?.messages.filter(({ system }) => !system)
    .map(({ seq }) => seq) as number[];
  return { ...device, seqs };
};

/** A browser of Ann's with two tabs, the first leads; both show the message `seq` that she has sent. */
const twoTabs = async () => {
  await server.send(ANN, ID, 'one');
  const browser = new Browser();
  const leader = browser.open();
  await settle();
  const other = browser.open();
  for (const { engine } of browser.tabs) void engine.open(ID);
  await settle();
  const seq = leader.state.timelines.get(ID)?.messages.at(-1)?.seq ?? 0;
  return { browser, leader, other, seq };
};

describe('edits and recalls', () => {
  it('made offline are shown at once, survive a crash, and go out when the network is back', async () => {
    const first = await said('one', 'two', 'three');
    const [one = 0, two = 0] = first.seqs;
    first.offline();
    await first.engine.edit(ID, one, 'one, better', null);
    await first.engine.recall(ID, two);
    expect(seen(first.engine)).toEqual(['one, better', null, 'three']);
    expect(bodies()).toEqual(['one', 'two', 'three']);
    first.crash();
    const { engine, online } = boot(false);
    void engine.open(ID);
    await clock.advance(100);
    expect(seen(engine)).toEqual(['one, better', null, 'three']);
    online();
    await settle();
    expect(bodies()).toEqual(['one, better', 'three']);
    expect(seen(engine)).toEqual(['one, better', null, 'three']);
    expect(waiting(engine)).toEqual([]);
    await engine.flush();
    expect(disk.commands.size).toBe(0);
  });

  it('rule 13: of edits of one message that wait, the last goes out, on top of what the first was written on', async () => {
    const { engine, seqs, offline, online } = await said('one');
    const [one = 0] = seqs;
    offline();
    for (const text of ['a', 'ab', 'abc']) {
      await engine.edit(ID, one, text, null);
      await clock.advance(300);
    }
    expect(rowsOf('edit')).toMatchObject([{ args: { body: 'abc', baseEditedAt: null } }]);
    const before = server.headRev(ID);
    online();
    await settle();
    expect(bodies()).toEqual(['abc']);
    expect(server.headRev(ID)).toBe(before + 1);
  });

  it('changed again while it is on its way, it is no conflict with itself', async () => {
    const device = await said('one');
    device.crash();
    const { engine } = boot();
    await open(engine);
    const [one = 0] = device.seqs;
    await engine.edit(ID, one, 'first', null);
    await clock.advance(1);
    expect(rowsOf('edit')).toHaveLength(1);
    await engine.edit(ID, one, 'second', null);
    await settle();
    expect(bodies()).toEqual(['second']);
    expect(waiting(engine)).toEqual([]);
  });

  it('what is refused stays with its text and its reason, is not shown as done, and can be tried again or dropped', async () => {
    const device = await said('one', 'two');
    device.crash();
    const { engine, crash } = boot();
    await open(engine);
    const [one = 0, two = 0] = device.seqs;
    const { editedAt } = await server.edit(ANN, ID, one, 'from elsewhere');
    await engine.edit(ID, one, 'mine', null);
    await engine.edit(ID, two, 'also mine', 99);
    await settle();
    expect(seen(engine)).toEqual(['from elsewhere', 'two']);
    const failed = { state: 'failed', error: 'conflict' };
    expect(waiting(engine)).toMatchObject([
      { ...failed, args: { body: 'mine' } },
      { ...failed, args: { body: 'also mine' } },
    ]);
    await engine.flush();
    crash();
    const again = boot();
    await open(again.engine);
    const [first, second] = waiting(again.engine);
    expect([first, second]).toMatchObject([failed, failed]);
    // Its person has seen the other text by now.
    await again.engine.edit(ID, one, 'mine after all', editedAt);
    again.engine.discard(second?.id ?? '');
    await settle();
    await again.engine.flush();
    expect(bodies()).toEqual(['mine after all', 'two']);
    expect([...disk.commands.keys()]).toEqual([]);
  });

  it('of a message that is not sent yet, they go out after it', async () => {
    const { engine, offline, online, crash } = await said('one');
    offline();
    const [kept, gone] = [engine.send(ID, 'not yet'), engine.send(ID, 'never mind')];
    await engine.edit(ID, kept, 'now');
    await engine.recall(ID, gone);
    await engine.flush();
    crash();
    const again = boot(false);
    await open(again.engine);
    again.online();
    await settle();
    await again.engine.flush();
    expect(bodies()).toEqual(['one', 'now']);
    expect(seen(again.engine)).toEqual(['one', 'now', null]);
    expect(disk.commands.size).toBe(0);
    online();
  });

  it('tried again, one that was refused with its message takes that along', async () => {
    const { engine } = await said('one');
    await server.remove(ID, ANN);
    const message = engine.send(ID, 'not yet');
    void engine.edit(ID, message, 'now');
    await settle();
    const commands = () => [...engine.getState().commands.values()];
    const refused = [
      { name: 'send', state: 'failed', error: 'not_found' },
      { name: 'edit', state: 'failed', error: 'not_found' },
    ];
    expect(commands()).toMatchObject(refused);
    void engine.edit(ID, message, 'now, or never');
    await settle();
    expect(commands()).toMatchObject(refused);
    await server.add(ID, ANN);
    await settle();
    engine.retry(commands()[1]?.id ?? '');
    await settle();
    expect(bodies()).toEqual(['one', 'now, or never']);
    expect(commands()).toEqual([]);
  });

  it('dropped, a message takes along what was to be done to it', async () => {
    const { engine, offline, online } = await said('one');
    offline();
    const id = engine.send(ID, 'not yet');
    await engine.edit(ID, id, 'now');
    await clock.advance(300);
    engine.discard(id);
    await engine.flush();
    expect(disk.commands.size).toBe(0);
    online();
    await settle();
    expect(bodies()).toEqual(['one']);
  });

  it('changed again in another tab while the first is on its way: the last stands, everywhere', async () => {
    const { browser, leader, other, seq } = await twoTabs();
    void leader.engine.edit(ID, seq, 'first', null);
    const isOut = () => waiting(leader.engine)[0]?.state === 'sending';
    for (let ms = 0; ms < 500 && !isOut(); ms++) await clock.advance(1);
    expect(isOut()).toBe(true);
    void other.engine.edit(ID, seq, 'second', null);
    await settle();
    expect(bodies()).toEqual(['second']);
    for (const { engine } of browser.tabs) {
      expect(seen(engine)).toEqual(['second']);
      expect(waiting(engine)).toEqual([]);
    }
    expect(browser.disk.commands.size).toBe(0);
  });

  it('one that the server has and the window does not show yet keeps none back that comes after it', async () => {
    const { leader, other, seq } = await twoTabs();
    const call = network.server.call;
    network.faults = { ...network.faults, dropPush: 1 };
    network.server.call = async (userId, name, input) => {
      if (name === 'sync.changes') throw new LockstepError('unavailable');
      return call(userId, name, input);
    };
    await server.send(BEN, ID, 'two');
    for (const [tab, text] of [
      [leader, 'first'],
      [leader, 'second'],
      [other, 'third'],
    ] as const) {
      void tab.engine.edit(ID, seq, text, null);
      await settle();
      expect(bodies()).toEqual([text, 'two']);
      // The window has a hole before the edit.
      expect(waiting(leader.engine)).toHaveLength(1);
    }
    network.server.call = call;
    await clock.advance(120_000);
    for (const tab of [leader, other]) {
      expect(seen(tab.engine)).toEqual(['third', 'two']);
      expect(waiting(tab.engine)).toEqual([]);
    }
  });

  it('all tabs of a browser show them, the one that leads sends them', async () => {
    const { browser, leader, other, seq } = await twoTabs();
    for (const device of browser.tabs) device.offline();
    void other.engine.edit(ID, seq, 'from the other tab', null);
    await clock.advance(100);
    expect(leader.state.leader).toBe(true);
    for (const { engine } of browser.tabs) expect(seen(engine)).toEqual(['from the other tab']);
    for (const device of browser.tabs) device.online();
    await settle();
    expect(bodies()).toEqual(['from the other tab']);
    for (const { engine } of browser.tabs) expect(waiting(engine)).toEqual([]);
    expect(browser.disk.commands.size).toBe(0);
  });
});
