import { LockstepError } from '@lockstep/protocol';
import { MachineClock, VirtualClock } from '@lockstep/testing/sim/clock';
import { expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { Lanes } from '../../src/pending/lanes.ts';

/** A lane of one key that always has something to send; the server asks the first call to wait. */
const start = (retryAfterMs: number) => {
  const real = new VirtualClock();
  const clock = new MachineClock(real);
  const at: number[] = [];
  const context = { clock, isSender: () => true, random: () => 0.5, failed: () => {} } as unknown as Context;
  const lanes = new Lanes<string>(context, {
    keys: () => (at.length < 2 ? [['tea', 0]] : []),
    next: () => (at.length < 2 ? 'draft' : null),
    send: async () => {
      at.push(real.now());
      if (at.length === 1) throw new LockstepError('rate_limited', 'slow down', { retryAfterMs });
    },
    postponed: () => {},
    refused: () => false,
  });
  return { lanes, real, clock, at };
};

it.each([
  ['back', -3_600_000],
  ['forward', 3_600_000],
])('a clock that is put %s by an hour makes the wait no longer', async (_, ms) => {
  const { lanes, real, clock, at } = start(20_000);
  lanes.schedule('tea', 0);
  await real.advance(100);
  expect(at).toHaveLength(1);
  clock.skew(ms);
  lanes.schedule('tea', 1_000);
  await real.until(() => at.length === 2, 21_000);
});

it('sends the time asked after the last change, and never later than the longest after the first', async () => {
  const { lanes, real, at } = start(20_000);
  const began = real.now();
  for (let i = 0; i < 10; i++) {
    lanes.schedule('tea', 1_000, 5_000);
    await real.advance(900);
    if (at.length > 0) break;
  }
  expect((at[0] ?? 0) - began).toBe(5_000);
});
