import { LockstepError } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/types.ts';
import { bodies, boot, type Change, clock, disk, ID, network, open, ownDisk, settle, shown } from './boot.ts';

ownDisk();

describe('the outbox', () => {
  it('is on disk before anything goes out', async () => {
    const stored: boolean[] = [];
    const change: Change = (real) => ({
      send: (id, clientId, body) => {
        stored.push(disk.commands.has(clientId));
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
    expect(disk.commands.size).toBe(0);
  });

  it('rules 2 and 3: after a crash in mid-send, everything is sent in order under the same ids, once', async () => {
    const first = boot(true, (real) => ({
      send: async (...args) => {
        await real.send(...args);
        return new Promise(() => {});
      },
    }));
    await settle();
    network.faults = { ...network.faults, dropPush: 1 };
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
    const { all } = store.commands;
    store.commands.all = async () => {
      store.commands.all = all;
      return [];
    };
    engine.wake();
    await settle();
    await engine.flush();
    expect(disk.commands.has(sent)).toBe(true);
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
    expect(disk.commands.size).toBe(0);
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

  it('what is tried again goes to the end, behind what was written after it, also after a crash', async () => {
    let refuse = true;
    const change: Change = (real) => ({
      send: async (...args) => {
        if (refuse) throw new LockstepError('forbidden');
        return real.send(...args);
      },
    });
    const first = boot(true, change);
    await settle();
    const failed = first.engine.send(ID, 'first');
    await settle();
    refuse = false;
    first.offline();
    const [second, third] = [first.engine.send(ID, 'second'), first.engine.send(ID, 'third')];
    await settle();
    first.engine.retry(failed);
    await settle();
    const waiting = (engine: Engine) => engine.getState().outbox.map((item) => item.clientId);
    expect(waiting(first.engine)).toEqual([second, third, failed]);
    first.crash();

    const { engine, online } = boot(false, change);
    await settle();
    expect(waiting(engine)).toEqual([second, third, failed]);
    online();
    await clock.until(() => engine.getState().outbox.length === 0, 60_000);
    expect(bodies()).toEqual(['second', 'third', 'first']);
  });
});
