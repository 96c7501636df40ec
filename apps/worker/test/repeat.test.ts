import pino from 'pino';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { repeat } from '../src/repeat.ts';

/** In the middle of the spread, the pause is as it was asked for. */
const random = vi.spyOn(Math, 'random');
beforeEach(() => {
  vi.useFakeTimers();
  random.mockReturnValue(0.5);
});
afterEach(() => void vi.useRealTimers());
afterAll(() => random.mockRestore());

const logged: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(JSON.parse(line).msg) });

it('goes on after a failure, and says which', async () => {
  let rounds = 0;
  const repeated = repeat('sweep', 5, log, async () => {
    rounds++;
    if (rounds <= 2) throw new Error('broken');
  });
  expect(rounds).toBe(1);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(rounds).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(rounds).toBe(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(rounds).toBe(3);
  expect(logged).toEqual(Array(2).fill('sweep failed, will try again'));
  await repeated.close();
});

it('counts the pause from the end of a round, and closes with the one under way', async () => {
  let rounds = 0;
  const ended: number[] = [];
  const repeated = repeat('exports', 1, log, async () => {
    const round = ++rounds;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    ended.push(round);
  });
  await vi.advanceTimersByTimeAsync(3_999);
  expect(rounds).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(rounds).toBe(2);
  let closed = false;
  const closing = repeated.close().then(() => {
    closed = true;
  });
  await vi.advanceTimersByTimeAsync(2_999);
  expect([closed, ended]).toEqual([false, [1]]);
  await vi.advanceTimersByTimeAsync(1);
  await closing;
  expect(ended).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rounds).toBe(2);
});

it('spreads the rounds by a tenth, so that not all ask the database at once', async () => {
  const begun: number[] = [];
  const repeated = repeat('sweep', 5, log, async () => void begun.push(Date.now()));
  random.mockReturnValueOnce(0);
  await vi.advanceTimersByTimeAsync(0);
  random.mockReturnValueOnce(1);
  await vi.advanceTimersByTimeAsync(10_000);
  await repeated.close();
  expect(begun.slice(1).map((at, i) => at - (begun[i] ?? 0))).toEqual([4_500, 5_500]);
});

it('closed in between, there is no further round', async () => {
  let rounds = 0;
  const repeated = repeat('exports', 1, log, async () => {
    rounds++;
  });
  await vi.advanceTimersByTimeAsync(500);
  await repeated.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rounds).toBe(1);
});
