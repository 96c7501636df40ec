import { LockstepError } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import type { PushHandlers, Transport } from '../../src/ports.ts';
import { uuid } from '../server.ts';
import {
  ANN,
  BEN,
  boot,
  clock,
  disk,
  entry,
  ID,
  OTHER,
  open,
  ownDisk,
  rowsOf,
  say,
  server,
  settle,
  shown,
} from './boot.ts';

ownDisk();

describe('what is on disk', () => {
  it('is painted before the network has answered, list and conversation', async () => {
    await say(3);
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
    await say(3);
    const first = boot();
    await open(first.engine);
    await first.engine.flush();
    first.crash();
    await server.edit(BEN, ID, 3, 'better');
    await server.recall(BEN, ID, 4);
    await server.send(BEN, ID, 'text 4');
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
    expect(engine.digest().conversations).toEqual((await server.digest(ANN)).conversations);
  });

  it('rule 8: a device far behind starts again with the newest page, on disk as well', async () => {
    await say(3);
    const first = boot();
    await open(first.engine);
    await first.engine.flush();
    first.crash();
    for (let i = 0; i < 1_100; i++) await server.send(BEN, ID, `late ${i}`);
    const { engine } = boot();
    await open(engine);
    expect(shown(engine).at(-1)).toBe('late 1099');
    await engine.flush();
    expect(disk.held.get(ID)?.ranges).toEqual([[1_056, 1_105]]);
  });

  it('ten conversations with 500 missed messages are caught up with one call', async () => {
    const ids = [ID, ...Array.from({ length: 9 }, (_, n) => uuid(200 + n))];
    for (const id of ids.slice(1)) await server.create(id);
    const calls: string[] = [];
    const counted = (name: 'inbox' | 'changes' | 'before', real: Transport) => ({
      [name]: (...args: unknown[]) => {
        calls.push(name);
        return (real[name] as (...args: unknown[]) => Promise<unknown>)(...args);
      },
    });
    const { engine, offline, online } = boot(true, (real) => ({
      ...counted('inbox', real),
      ...counted('changes', real),
      ...counted('before', real),
    }));
    await settle();
    for (const id of ids) void engine.open(id);
    await settle();
    offline();
    for (let n = 1; n <= 50; n++) for (const id of ids) await server.send(BEN, id, `late ${n}`);
    calls.length = 0;
    online();
    await settle();
    for (const id of ids) expect(shown(engine, id).at(-1)).toBe('late 50');
    expect(calls).toEqual(['inbox']);
  });

  it('can be read offline, up to the first hole, which is filled when the network is back', async () => {
    await say(300);
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

  it('rule 6: what was still to be fetched at a crash is fetched after it', async () => {
    await server.create(OTHER);
    let hangs = false;
    const first = boot(true, (real) => ({
      entry: (id) => (hangs ? new Promise(() => {}) : real.entry(id)),
    }));
    await settle();
    hangs = true;
    first.offline();
    await server.rename(OTHER, 'Lake');
    first.online();
    await settle();
    await first.engine.flush();
    first.crash();
    const { engine } = boot();
    await settle();
    expect(entry(engine, OTHER)?.conversation.title).toBe('Lake');
  });

  it('a page out of the middle is not taken for the end', async () => {
    await say(300);
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
    await server.create(OTHER);
    await say(10, OTHER);
    const at = server.messages(OTHER)[6]?.createdAt ?? 0;
    const { engine, offline } = boot();
    await settle();
    offline();
    await open(engine, OTHER);
    expect(shown(engine, OTHER)).toHaveLength(10);
    const found = engine.loadAtTime(OTHER, at);
    await settle();
    // Several may have come within a millisecond.
    expect(await found).toBe(server.messages(OTHER).find(({ createdAt }) => createdAt >= at)?.seq);
  });

  it('shows a name offline that came with the list', async () => {
    const ben = { id: BEN, name: 'Ben', image: null, placeholder: false, lastSeenAt: null, rev: 0 };
    const first = boot(true, (real) => ({
      inbox: async (...args) => ({ ...(await real.inbox(...args)), people: [ben] }),
    }));
    await settle();
    await first.engine.flush();
    first.crash();
    const { engine } = boot(false);
    await clock.advance(0);
    expect(engine.getState().people.get(BEN)).toEqual(ben);
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
    expect([disk.entries.size, disk.commands.size]).toEqual([1, 1]);
    pushed.handlers?.ended({ reason });
    await settle();
    expect(engine.getState()).toMatchObject({ connection: 'ended', endedBecause: reason });
    expect(engine.getState().inbox.size).toBe(0);
    expect(disk.entries.size + disk.held.size + disk.messages.size + disk.commands.size).toBe(0);
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
    expect(rowsOf('send')).toMatchObject([{ args: { body: 'unsent' }, state: 'pending' }]);
    expect(rowsOf('draft')).toMatchObject([{ args: { text: 'half a thought' } }]);
    crash();
  });
});
