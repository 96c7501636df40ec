import { LockstepError } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/types.ts';
import { ANN, bodies, boot, clock, ID, open, ownDisk, say, server, settle, shown } from './boot.ts';

ownDisk();

describe('overload', () => {
  it('a call waits as long as it is asked to, and nothing fails for it', async () => {
    await say(200);
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

  it('what a busy server has stopped reading is asked for again', async () => {
    let asked = 0;
    const { engine } = boot(true, (real) => ({
      receipts: async (...args) => {
        if (++asked === 1) throw new LockstepError('too_costly');
        return real.receipts(...args);
      },
    }));
    await open(engine);
    await clock.until(() => engine.getState().receipts.has(ID), 30_000);
    expect(asked).toBe(2);
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

  it('the inbox cursor is reported at most every 5 s', async () => {
    const reported: number[] = [];
    boot(true, (real) => ({
      connect: (handlers) => ({ ...real.connect(handlers), reportCursor: (pos) => reported.push(pos) }),
    }));
    await settle();
    for (let i = 0; i < 20; i++) {
      await server.personal(ANN, ID, { pinned: i % 2 === 0 });
      await clock.advance(500);
    }
    await clock.advance(6_000);
    expect(reported.length).toBeLessThanOrEqual(5);
    expect(reported.length).toBeGreaterThan(2);
    expect(reported.at(-1)).toBe((await server.entry(ANN, ID)).pos);
  });

  it.each([
    ['a draft', (engine: Engine, n: number) => engine.setDraft(ID, 'a'.repeat(n))],
    ['what is personal', (engine: Engine, n: number) => engine.setPersonal(ID, { pinned: n % 2 === 0 })],
    // Ann has read what was there when she came.
    ['a read position', (engine: Engine, n: number) => engine.markRead(ID, 2 + n)],
  ])('%s that the server asked to wait with waits, however much is changed meanwhile', async (_, change) => {
    await say(40);
    const at: number[] = [];
    const refuse = () => {
      throw new LockstepError('rate_limited', 'slow down', { retryAfterMs: 20_000 });
    };
    const called = async <T>(call: () => Promise<T>) => {
      at.push(clock.now());
      return at.length === 1 ? refuse() : call();
    };
    const { engine } = boot(true, (real) => ({
      draft: (...args) => called(() => real.draft(...args)),
      personal: (...args) => called(() => real.personal(...args)),
      read: (...args) => called(() => real.read(...args)),
    }));
    await settle();
    change(engine, 1);
    await clock.until(() => at.length > 0, 10_000);
    for (let n = 2; n <= 19; n++) {
      change(engine, n);
      await clock.advance(1_000);
    }
    expect(at).toHaveLength(1);
    await clock.until(() => at.length > 1, 10_000);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(20_000);
  });
});
