import { describe, expect, test } from 'vitest';
import { Budget, BudgetOver } from '../src/budget.ts';
import { Turns } from '../src/turns.ts';

const LIMITS = { loopMs: 1_000, ms: 60_000, statementMs: 1_000, rows: 1_000, bytes: 1_000 };

/** Keeps the event loop for so long, in ms. */
const work = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('a budget', () => {
  test('counts the statements and rows of a client, and is over after so many', async () => {
    const budget = new Budget(LIMITS);
    const client = budget.of({ query: (async () => ({ rows: Array(600).fill({}) })) as never });
    await client.query('select');
    expect(budget.spent).toMatchObject({ statements: 1, rows: 600 });
    expect(budget.isOver).toBe(false);
    await client.query('select');
    expect(budget.isOver).toBe(true);
    expect(budget.isCut).toBe(false);
    expect(() => budget.check()).toThrow(BudgetOver);
    expect(budget.isCut).toBe(true);
  });

  test('counts the time on the event loop, and leaves out what is over', async () => {
    const budget = new Budget({ ...LIMITS, loopMs: 20 });
    let done = 0;
    const isWhole = await budget.each(Array(1_000).fill(3), (ms) => {
      work(ms);
      done++;
    });
    expect(isWhole).toBe(false);
    expect(budget.isCut).toBe(true);
    expect(budget.spent.loopMs).toBeGreaterThanOrEqual(20);
    expect(done).toBeLessThan(1_000);
    expect(await budget.each([1], () => {})).toBe(false);
    expect(await budget.each([], () => {})).toBe(true);
  });

  test('the usage of a part also counts for the whole, and so does its cut', async () => {
    const whole = new Budget(LIMITS);
    const part = whole.part(0.5);
    const client = part.of({ query: (async () => ({ rows: Array(500).fill({}) })) as never });
    await client.query('select');
    expect([part.isOver, whole.isOver, whole.spent.rows]).toEqual([true, false, 500]);
    part.cut();
    expect(whole.isCut).toBe(true);
  });

  test('an error in the work comes out, and others still have their turn', async () => {
    const budget = new Budget(LIMITS);
    const failing = budget.each([1], () => {
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(await budget.each([1], () => {})).toBe(true);
  });
});

describe('turns', () => {
  /** What happens, in order. Each turn of the event loop is a line. */
  const turnsOf = async (slices: number, ms: number) => {
    const turns = new Turns();
    const lines: string[][] = [[]];
    let open = slices;
    const run = async (name: string) => {
      await turns.enter();
      work(ms);
      lines.at(-1)?.push(name);
      turns.leave(ms);
      open--;
    };
    const all = Promise.all(Array.from({ length: slices }, (_, i) => run(`slice ${i}`)));
    while (open > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      lines.push([]);
    }
    await all;
    return lines.filter((line) => line.length > 0);
  };

  test('one long slice in a turn of the event loop, in the order of coming', async () => {
    expect(await turnsOf(5, 6)).toEqual([['slice 0'], ['slice 1'], ['slice 2'], ['slice 3'], ['slice 4']]);
  });

  test('short ones share a turn', async () => {
    expect((await turnsOf(8, 0)).length).toBe(1);
  });
});
