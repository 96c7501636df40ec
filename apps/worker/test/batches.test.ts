import { IndexUnavailable } from '@lockstep/search';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Batches, createBatches } from '../src/batches.ts';

const SPACING_MS = 500;
const log = pino({ level: 'silent' });

/** A consumer that fails on these conversations, each with its error, and what it was asked to do. */
const failingOn = (errors: Record<string, Error>) => {
  const asked: string[][] = [];
  const done = new Set<string>();
  const { work, idle }: Batches = createBatches(
    {
      name: 'index',
      work: async (ids) => {
        asked.push(ids);
        const error = ids.map((id) => errors[id]).find((one) => one !== undefined);
        if (error) throw error;
        for (const id of ids) done.add(id);
      },
    },
    log,
  );
  return { asked, done, work, idle };
};

describe('the pause between two batches', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('conversations added meanwhile share the next batch, which begins after the pause', async () => {
    const asked: string[][] = [];
    const { work, idle } = createBatches(
      {
        name: 'index',
        work: async (ids) => {
          asked.push(ids);
          // A batch that takes long does not shorten the pause after it.
          await new Promise((resolve) => setTimeout(resolve, 1_000));
        },
      },
      log,
      SPACING_MS,
    );
    const first = work(['a']);
    await vi.advanceTimersByTimeAsync(1_000);
    await first;
    const [b, c] = [work(['b']), work(['c', 'b'])];
    await vi.advanceTimersByTimeAsync(SPACING_MS - 1);
    expect(asked).toEqual([['a']]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([['a'], ['b', 'c']]);
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all([b, c, idle()]);
  });
});

it('one batch at a time: what is told meanwhile waits for the one in hand', async () => {
  const asked: string[][] = [];
  const ends: (() => void)[] = [];
  const { work, idle } = createBatches(
    {
      name: 'index',
      work: (ids) => {
        asked.push(ids);
        return new Promise<void>((resolve) => ends.push(resolve));
      },
    },
    log,
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = work(['a']);
  await turn();
  const second = work(['b']);
  await turn();
  expect(asked).toEqual([['a']]);
  let isIdle = false;
  const idling = idle().then(() => {
    isIdle = true;
  });
  ends[0]?.();
  await first;
  await turn();
  expect([asked, isIdle]).toEqual([[['a'], ['b']], false]);
  ends[1]?.();
  await Promise.all([second, idling]);
});

it('a hundred conversations at once at most', async () => {
  const { asked, work } = failingOn({});
  const ids = Array.from({ length: 201 }, (_, n) => `c${n}`);
  await work(ids);
  expect(asked.map(({ length }) => length)).toEqual([100, 100, 1]);
  expect(asked.flat()).toEqual(ids);
});

describe('a consumer that fails', () => {
  it('rejects the promise of the caller, and processes the rest one by one', async () => {
    const broken = new Error('broken');
    const { asked, done, work } = failingOn({ b: broken });
    await expect(work(['a', 'b', 'c'])).rejects.toBe(broken);
    expect(asked).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
    expect([...done]).toEqual(['a', 'c']);
  });

  it('rejects with the first of several failures', async () => {
    const [one, two] = [new Error('one'), new Error('two')];
    const { done, work } = failingOn({ a: one, c: two });
    await expect(work(['a', 'b', 'c'])).rejects.toBe(one);
    expect([...done]).toEqual(['b']);
  });

  it.each([
    ['the index', new IndexUnavailable('away')],
    ['the database', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
  ])('because %s is away is not asked for each of them', async (_, away) => {
    const { asked, work } = failingOn({ b: away });
    await expect(work(['a', 'b', 'c'])).rejects.toBe(away);
    expect(asked).toEqual([['a', 'b', 'c']]);
  });

  it('takes the next batch all the same, and is idle after it', async () => {
    const { done, work, idle } = failingOn({ a: new Error('broken') });
    const first = work(['a']);
    await expect(first).rejects.toThrow('broken');
    const second = work(['b']);
    await idle();
    await second;
    expect([...done]).toEqual(['b']);
    await expect(work(['a'])).rejects.toThrow('broken');
    await expect(idle()).resolves.toBeUndefined();
  });
});
