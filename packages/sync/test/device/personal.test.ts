import { LIMITS, LockstepError } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { ids, makeCommand } from '../../src/pending/command.ts';
import type { LocalDraft } from '../../src/pending/local-draft.ts';
import { Browser } from '../tabs/browser.ts';
import { ANN, boot, clock, disk, entry, ID, network, ownDisk, say, server, settle } from './boot.ts';

ownDisk();

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
    await say(1);
    const { engine, online } = boot(false);
    await clock.advance(0);
    expect(entry(engine)?.mutedUntil).toBe(5);
    expect(engine.getState().drafts.get(ID)).toMatchObject({ text: 'unfinished', pending: true });
    engine.applyEntry(await server.entry(ANN, ID));
    expect(entry(engine)?.mutedUntil).toBe(5);
    online();
    await clock.advance(5_000);
    expect(await server.entry(ANN, ID)).toMatchObject({ mutedUntil: 5, draft: { text: 'unfinished' } });
    await engine.flush();
    expect([...disk.commands.values()]).toEqual([]);
  });

  it('rule 7: reading and then "mark as unread" arrive in that order', async () => {
    await say(3);
    const { engine, offline, online } = boot();
    await settle();
    offline();
    engine.markRead(ID, 5);
    engine.setPersonal(ID, { markedUnread: true });
    await settle();
    online();
    await settle();
    expect(await server.entry(ANN, ID)).toMatchObject({ readSeq: 5, markedUnread: true, unread: 0 });
    engine.markRead(ID, 5);
    expect(entry(engine)?.markedUnread).toBe(false);
    await settle();
    expect((await server.entry(ANN, ID)).markedUnread).toBe(false);
  });

  it('a setting changed again while it is being sent reaches the server in its last state', async () => {
    const { engine } = boot();
    await settle();
    engine.setPersonal(ID, { pinned: true });
    await clock.advance(5);
    engine.setPersonal(ID, { pinned: false, mutedUntil: 7 });
    await settle();
    expect(await server.entry(ANN, ID)).toMatchObject({ pinnedAt: null, mutedUntil: 7 });
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
    await server.remove(ID, ANN);
    await settle();
    expect(entry(engine)).toBeUndefined();
    const key = `personal ${ID}`;
    const read = makeCommand('read', ids.read(ID), key, { conversationId: ID, seq: 1 }, 1);
    const args = { conversationId: ID, change: { pinned: true } };
    for (const row of [read, makeCommand('personal', ids.personal(ID), key, args, 2)])
      disk.commands.set(row.id, row);
    engine.wake();
    await settle();
    expect([...disk.commands.keys()]).toEqual([]);
  });

  it('the last viewed message is sent with a debounce', async () => {
    const reported: unknown[] = [];
    const { engine } = boot(true, (real) => ({
      personal: (id, change) => {
        reported.push(change);
        return real.personal(id, change);
      },
    }));
    await settle();
    for (const seq of [1, 2, 1, 2]) engine.setLastViewed(ID, seq);
    await clock.advance(3_000);
    expect(reported).toEqual([{ placeSeq: 2 }]);
    expect(entry(engine)?.placeSeq).toBe(2);
  });

  it('what another tab went on writing while the leader wrote it to the server is no conflict', async () => {
    // Tabs hear of one another sooner than the server answers.
    network.faults = { ...network.faults, delayMs: 50 };
    const browser = new Browser();
    const leader = browser.open();
    await settle();
    const other = browser.open();
    await settle();
    other.engine.setDraft(ID, 'helo wrld');
    const isGoing = () => (leader.state.drafts.get(ID) as LocalDraft | undefined)?.tried.length === 1;
    for (let ms = 0; ms < 5_000 && !isGoing(); ms++) await clock.advance(1);
    expect(isGoing()).toBe(true);
    other.engine.setDraft(ID, 'hello world');
    await clock.advance(10_000);
    for (const { engine } of [leader, other])
      expect(engine.getState().drafts.get(ID)).toMatchObject({ text: 'hello world', conflict: false });
    expect((await server.entry(ANN, ID)).draft?.text).toBe('hello world');
  });

  it('a draft is written once after a pause, and gone with the message', async () => {
    const reported: string[] = [];
    const { engine } = boot(true, (real) => ({
      draft: (id, text, version) => {
        reported.push(text);
        return real.draft(id, text, version);
      },
    }));
    await settle();
    for (const text of ['h', 'he', 'hel', 'hell', 'hello']) {
      engine.setDraft(ID, text);
      await clock.advance(300);
    }
    await clock.advance(2_000);
    expect(reported).toEqual(['hello']);
    engine.send(ID, 'hello');
    expect(engine.getState().drafts.get(ID)?.text).toBe('');
    await clock.advance(3_000);
    expect((await server.entry(ANN, ID)).draft).toMatchObject({ text: '', version: 2 });
    expect(reported).toEqual(['hello', '']);
  });

  it('a draft that is too long for the server stays whole, meets what comes, and goes out once it is shorter', async () => {
    const { engine } = boot(true, (real) => ({
      draft: (id, text, version) =>
        text.length > LIMITS.draftText
          ? Promise.reject(new LockstepError('invalid_input'))
          : real.draft(id, text, version),
    }));
    await settle();
    const long = 'x'.repeat(LIMITS.draftText + 1);
    engine.setDraft(ID, long);
    await clock.advance(20_000);
    expect((await server.entry(ANN, ID)).draft).toBeNull();
    engine.applyEntry((await server.draft(ANN, ID, 'from there', 0)).entry);
    await clock.advance(20_000);
    const both = `from there\n${long}`;
    expect(engine.getState().drafts.get(ID)).toMatchObject({ text: both, pending: true });
    expect((await server.entry(ANN, ID)).draft).toMatchObject({ text: 'from there' });
    engine.setDraft(ID, 'from there\nshort');
    await settle();
    expect((await server.entry(ANN, ID)).draft).toMatchObject({ text: 'from there\nshort' });
  });
});
