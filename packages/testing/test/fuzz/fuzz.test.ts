import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keep, keptOf } from '../../src/fuzz/kept.ts';
import { randomOf } from '../../src/fuzz/random.ts';
import { type FuzzFound, fuzz, inputOf } from '../../src/fuzz/run.ts';
import { shrink, smaller } from '../../src/fuzz/shrink.ts';
import { checkOf, FuzzFailure, type FuzzTarget, fail } from '../../src/fuzz/target.ts';

interface Input {
  words: string[];
  times: number;
}

/** Breaks one promise where a word has an `x`, and another where there are many words. */
const target: FuzzTarget<Input> = {
  name: 'sample',
  generate: (random) => ({
    words: random.list(12, () => random.pick(['ab', 'cxd', 'e'])),
    times: random.below(9),
  }),
  run: ({ words, times }) => {
    if (words.some((word) => word.includes('x')) && times > 3) fail('no x', words.join());
    if (words.length > 6) throw new RangeError(`${words.length} words`);
  },
};

describe('a fuzz run', () => {
  it('feeds the same inputs for the same seed, whatever was run before', () => {
    const inputs = [0, 1, 2, 3, 4].map((run) => inputOf(target, 7, run));
    expect([4, 3, 2, 1, 0].map((run) => inputOf(target, 7, run)).reverse()).toEqual(inputs);
    expect([0, 1, 2, 3, 4].map((run) => inputOf(target, 8, run))).not.toEqual(inputs);
  });

  it('tells each kind of failure once, with the smallest input that fails in it', async () => {
    const { runs, found } = await fuzz(target, { seed: 1, runs: 500 });
    expect(runs).toBe(500);
    expect(found.map(({ check }) => check).sort()).toEqual(['RangeError … words', 'no x']);
    expect(found.find(({ check }) => check === 'no x')?.input).toEqual({ words: ['x'], times: 4 });
    const many = found.find(({ check }) => check.startsWith('RangeError'))?.input;
    expect(many).toEqual({ words: Array(7).fill(''), times: 0 });
  });

  it('says what it has found before it has made it smaller', async () => {
    const reported: FuzzFound[] = [];
    await fuzz(target, { seed: 1, runs: 500, onFound: (one) => reported.push(one) });
    const [first, ...later] = reported.filter(({ check }) => check === 'no x');
    expect(first?.input).toEqual(inputOf(target, 1, first?.run as number));
    expect(later.length).toBeGreaterThan(0);
  });

  it('ends when it is over, and after enough different failures', async () => {
    let left = 10;
    expect(await fuzz(target, { seed: 2, isOver: () => left-- === 0 })).toMatchObject({ runs: 10 });
    const { found } = await fuzz(target, { seed: 1, runs: 500, mostFailures: 1 });
    expect(found).toHaveLength(1);
  });
});

describe('an input', () => {
  it('is made smaller in the ways of its target, if it has some', async () => {
    const own = { ...target, shrink: () => [{ words: ['x'], times: 9 }] };
    const input = { words: ['x', 'y'], times: 5 };
    expect((await shrink(own, input, new FuzzFailure('no x', ''))).input).toEqual({ words: ['x'], times: 9 });
  });

  it('is never replaced by one that fails in another check', async () => {
    const input = { words: Array(7).fill('x'), times: 9 };
    const least = await shrink(target, input, new FuzzFailure('no x', ''));
    expect([least.input, checkOf(least.error)]).toEqual([{ words: ['x'], times: 4 }, 'no x']);
  });

  it('has smaller ones of the same shape', () => {
    expect([...smaller('abc')]).toEqual(['', 'bc', 'ac', 'ab']);
    expect([...smaller([2, true])]).toEqual([[], [true], [2], [0, true], [1, true], [1, true], [2, false]]);
    expect([...smaller({ a: 'b', n: null })]).toEqual([{ a: '', n: null }]);
  });

  it('is kept in a file, and found there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-fuzz-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const kept = { found: { check: 'no "x"', message: 'x', seed: 1, run: 2 }, input: '\ud800\u0000' };
    expect(keptOf('sample', folder).size).toBe(0);
    keep('sample', kept, folder);
    keep('sample', kept, folder);
    expect([...keptOf('sample', folder).values()]).toEqual([kept]);
  });
});

it('draws numbers within their bounds, both ends included', () => {
  const random = randomOf(3, 'numbers');
  const drawn = Array.from({ length: 500 }, () => random.between(2, 4));
  expect([...new Set(drawn)].sort()).toEqual([2, 3, 4]);
  expect(random.bytes(3)).toHaveLength(3);
  expect(() => random.pick([])).toThrow('Nothing to pick from');
});
