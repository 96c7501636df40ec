import type { MessagePage } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { Browser } from '../tabs/browser.ts';
import {
  ANN,
  BEN,
  boot,
  clock,
  disk,
  ID,
  network,
  OTHER,
  open,
  ownDisk,
  say,
  server,
  settle,
} from './boot.ts';

ownDisk();

const kept = () => [...disk.entries.keys(), ...disk.held.keys(), ...disk.messages.keys()];

describe('rule 10: of a conversation that its person has left nothing stays on disk', () => {
  it('what was held goes with it', async () => {
    await say(3);
    const { engine } = boot();
    await open(engine);
    await engine.flush();
    expect(disk.messages.get(ID)?.size).toBeGreaterThan(3);
    await server.remove(ID, ANN);
    await settle();
    await engine.flush();
    expect(kept()).toEqual([]);
  });

  it('messages that wait to be written together with the removal are not', async () => {
    await say(3);
    const { engine } = boot();
    await open(engine);
    await engine.flush();
    // Both arrive within the time in which changes are gathered.
    await say(5);
    await server.send(BEN, ID, 'the last one Ann may see');
    await clock.until(
      () => engine.getState().timelines.get(ID)?.messages.at(-1)?.body === 'the last one Ann may see',
      200,
    );
    await server.remove(ID, ANN);
    await clock.until(() => !engine.getState().inbox.has(ID), 200);
    await engine.flush();
    expect(kept()).toEqual([]);
  });

  it('what came and went between two writes is not written either', async () => {
    await server.create(OTHER);
    let pages = 0;
    const { engine } = boot(true, (real) => ({
      before: async (...args) => {
        const page = await real.before(...args);
        pages++;
        return page;
      },
    }));
    await clock.until(() => pages === 2, 200);
    await server.remove(OTHER, ANN);
    await clock.until(() => !engine.getState().inbox.has(OTHER), 50);
    expect(disk.entries.size).toBe(0);
    await engine.flush();
    expect(kept().filter((id) => id === OTHER)).toEqual([]);
  });

  it('a page that was asked for before it, and is answered after it, is not written', async () => {
    await server.create(OTHER);
    await say(3, OTHER);
    const answers: (() => void)[] = [];
    const { engine } = boot(true, (real) => ({
      before: async (id, ...args): Promise<MessagePage> => {
        const page = await real.before(id, ...args);
        if (id === OTHER) await new Promise<void>((resolve) => answers.push(resolve));
        return page;
      },
    }));
    await clock.until(() => answers.length > 0, 10_000);
    await server.remove(OTHER, ANN);
    await settle();
    await engine.flush();
    expect(disk.entries.has(OTHER)).toBe(false);
    for (const answer of answers) answer();
    await settle();
    await engine.flush();
    expect(kept().filter((id) => id === OTHER)).toEqual([]);
    // One who is added again gets it all the same.
    await server.add(OTHER, ANN);
    await clock.advance(10_000);
    for (const answer of answers) answer();
    await settle();
    await engine.flush();
    expect(disk.messages.get(OTHER)?.get(3)?.body).toBe('text 1');
  });
});

it('a conversation that its person comes into while it is asked for is shown, and stays', async () => {
  const answers: (() => void)[] = [];
  const { engine } = boot(true, (real) => ({
    entry: async (id) => {
      const answer = await real.entry(id).catch((error: Error) => error);
      if (answers.length === 0) await new Promise<void>((resolve) => answers.push(resolve));
      if (answer instanceof Error) throw answer;
      return answer;
    },
  }));
  await settle();
  void engine.open(OTHER);
  await clock.until(() => answers.length > 0, 1_000);
  await server.create(OTHER);
  await clock.until(() => engine.getState().inbox.has(OTHER), 1_000);
  for (const answer of answers) answer();
  await settle();
  const { inbox, timelines } = engine.getState();
  const { error, messages } = timelines.get(OTHER) ?? {};
  expect([inbox.has(OTHER), error, messages?.length]).toEqual([true, null, 2]);
});

it('of what one tab still does in a conversation that another knows to be left, both keep what their person decides', async () => {
  await say(3);
  const said = await server.send(ANN, ID, 'one');
  await say(1);
  const browser = new Browser();
  const leader = browser.open();
  await settle();
  const other = browser.open();
  for (const { engine } of browser.tabs) void engine.open(ID);
  await clock.advance(10_000);
  // Lost for both; then one pulls.
  network.faults = { ...network.faults, dropPush: 1 };
  await server.remove(ID, ANN);
  other.engine.wake();
  await clock.until(() => !other.state.inbox.has(ID), 1_000);
  const { engine, state } = leader;
  expect([state.leader, state.inbox.has(ID)]).toEqual([true, true]);
  engine.markRead(ID, said.seq + 1);
  engine.setPersonal(ID, { pinned: true });
  void engine.edit(ID, said.seq, 'better', null);
  void engine.annotate(ID, said.seq, { what: 'pin', call: 'messages.recall', input: {}, shows: {} });
  const id = leader.send(ID, 'too late');
  void engine.recall(ID, id);
  engine.setDraft(ID, 'unfinished');
  await clock.advance(120_000);
  for (const { state: now } of browser.tabs) {
    const left = [...now.commands.values()].map(({ name, state: how, error }) => [name, how, error]);
    expect(left.sort()).toEqual([
      ['draft', 'pending', null],
      ['edit', 'failed', 'not_found'],
      ['recall', 'failed', 'not_found'],
      ['send', 'failed', 'not_found'],
    ]);
  }
});
