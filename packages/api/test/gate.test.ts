import { LockstepError } from '@lockstep/protocol';
import { describe, expect, test, vi } from 'vitest';
import { Gate } from '../src/gate.ts';

describe('a gate', () => {
  test('runs a limited number of one key, the others in order of arrival, and keeps no state afterwards', async () => {
    const gate = new Gate({ atOnce: 2, waiting: 10, waitMs: 60_000 });
    const inside: string[] = [];
    const leaves = new Map<string, () => void>();
    const enter = async (name: string, key = 'ann') => {
      leaves.set(name, await gate.enter(key));
      inside.push(name);
    };
    const all = ['a', 'b', 'c', 'd'].map((name) => enter(name));
    await Promise.all(all.slice(0, 2));
    expect(inside).toEqual(['a', 'b']);
    await enter('other', 'ben');
    leaves.get('b')?.();
    // Twice is once.
    leaves.get('b')?.();
    // Who comes now does not go past who waits.
    all.push(enter('e'));
    await all[2];
    expect(inside).toEqual(['a', 'b', 'other', 'c']);
    for (const [name, next] of [
      ['a', 3],
      ['c', 4],
    ] as const) {
      leaves.get(name)?.();
      await all[next];
    }
    expect(inside).toEqual(['a', 'b', 'other', 'c', 'd', 'e']);
    for (const name of ['d', 'e', 'other']) leaves.get(name)?.();
    expect(gate.size).toBe(0);
  });

  test('refuses a call when the queue is full, and one that has waited too long', async () => {
    vi.useFakeTimers();
    try {
      const gate = new Gate({ atOnce: 1, waiting: 1, waitMs: 700 });
      const leave = await gate.enter('ann');
      const waiting = gate.enter('ann');
      const refused = { code: 'rate_limited', data: { retryAfterMs: 700 } };
      await expect(gate.enter('ann')).rejects.toMatchObject(refused);
      const late = expect(waiting).rejects.toMatchObject(refused);
      await vi.advanceTimersByTimeAsync(700);
      await late;
      await expect(waiting).rejects.toThrow(LockstepError);
      leave();
      expect(gate.size).toBe(0);
      (await gate.enter('ann'))();
      expect(gate.size).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
