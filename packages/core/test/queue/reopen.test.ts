import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepOpen } from '../../src/queue/keep-open.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue that cannot be opened so often, and what was logged of it. */
const makeQueue = (failures: (string | undefined)[]) => {
  const logged: string[] = [];
  const log = pino(
    { level: 'warn' },
    { write: (line: string) => void logged.push(JSON.parse(line).err.message) },
  );
  const made: { fail(message: string): void; closed: boolean }[] = [];
  const kept = keepOpen(
    () => {
      const message = failures.shift();
      let onError = (_: Error) => {};
      const one = {
        closed: false,
        fail: (text: string) => onError(new Error(text)),
        on: (_: 'error', listener: (error: Error) => void) => {
          onError = listener;
        },
        waitUntilReady: async () => {
          if (message) throw new Error(message);
        },
        close: async () => {
          one.closed = true;
        },
      };
      made.push(one);
      return one;
    },
    log,
    { retryMs: 1_000 },
  );
  return { kept, made, logged };
};

it('rule 9: a queue that is down at start is opened again until it works; why is logged once', async () => {
  const { kept, made, logged } = makeQueue(['down', 'down', 'refused', undefined]);
  let isReady = false;
  void kept.ready.then(() => {
    isReady = true;
  });
  await vi.advanceTimersByTimeAsync(2_999);
  expect([made.length, kept.current(), isReady]).toEqual([3, null, false]);
  await vi.advanceTimersByTimeAsync(1);
  expect([made.length, kept.current(), isReady]).toEqual([4, made[3], true]);
  expect(logged).toEqual(['down', 'refused']);
  // Those that failed are thrown away, and it is not opened once more.
  expect(made.map(({ closed }) => closed)).toEqual([true, true, true, false]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(made).toHaveLength(4);
  await kept.close();
  expect(made[3]?.closed).toBe(true);
});

it('an error later on is logged when it begins, and the same one again after it was open anew', async () => {
  const { kept, made, logged } = makeQueue(['down', undefined]);
  await vi.advanceTimersByTimeAsync(1_000);
  for (const text of ['down', 'down', 'gone', 'gone']) made[1]?.fail(text);
  expect(logged).toEqual(['down', 'down', 'gone']);
  await kept.close();
  // What breaks while it closes is no news.
  made[1]?.fail('closed');
  expect(logged).toHaveLength(3);
});

it('closed while it waits to be opened again, it is not', async () => {
  const { kept, made } = makeQueue(['down', undefined]);
  await vi.advanceTimersByTimeAsync(500);
  await kept.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([made.length, kept.current()]).toEqual([1, null]);
});
