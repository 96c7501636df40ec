import { LockstepError } from '@lockstep/protocol';
import { describe, expect, test } from 'vitest';
import { heavyGate, rateOf } from '../src/costs.ts';
import { type Budget, noRateLimits, rateLimits } from '../src/rate-limits.ts';

/** What `attempt` is refused for, in ms; 0 when it is not. */
const waitOf = (attempt: () => unknown): number => {
  try {
    attempt();
    return 0;
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== 'rate_limited') throw error;
    return error.data.retryAfterMs ?? 0;
  }
};

describe('budgets', () => {
  const BUDGETS: [Budget, calls: number, seconds: number][] = [
    ['send', 300, 10],
    ['mutation', 100, 10],
    ['query', 600, 10],
    ['search', 150, 10],
    ['public', 400, 10],
    ['passwordCheck', 100, 20],
    ['signUp', 200, 600],
    ['page', 300, 10],
  ];

  test.each(BUDGETS)('%s: %i at once, and as many again in %i seconds', (budget, calls, seconds) => {
    let now = 0;
    const limits = rateLimits(() => now);
    const take = (key = 'a') => waitOf(() => limits.take(budget, key));
    const takeAll = () => Array.from({ length: calls }, () => take()).filter((wait) => wait > 0);
    expect(takeAll()).toEqual([]);
    const wait = Math.ceil((seconds * 1_000) / calls);
    expect(take()).toBe(wait);
    // Another key, and another budget of the same one, are not held up.
    expect(take('b')).toBe(0);
    expect(waitOf(() => limits.take(budget === 'send' ? 'query' : 'send', 'a'))).toBe(0);
    now += wait;
    expect(take()).toBe(0);
    expect(take()).toBeGreaterThan(0);
    // However long it was not used, it is never more than full.
    now += 10 * seconds * 1_000;
    expect(takeAll()).toEqual([]);
    expect(take()).toBeGreaterThan(0);
  });

  test.each([
    ['send', 'mutation', 'send'],
    ['search', 'query', 'search'],
    ['public', 'query', 'public'],
    ['signUp', 'mutation', 'signUp'],
    ['passwordCheck', 'mutation', 'passwordCheck'],
    ['light', 'query', 'query'],
    ['light', 'mutation', 'mutation'],
    ['digest', 'mutation', 'mutation'],
    ['verify', 'mutation', 'mutation'],
  ] as const)('calls of class %s that are a %s count as %s', (cost, kind, budget) => {
    expect(rateOf({ cost, kind })).toBe(budget);
  });

  test('heavy calls of all accounts have half of the connections, and at least one', () => {
    expect([1, 2, 3, 10].map((connections) => heavyGate(connections).atOnce)).toEqual([1, 1, 1, 5]);
  });

  test('of very many keys those that are full again are dropped, and no other', () => {
    let now = 0;
    const limits = rateLimits(() => now);
    for (let n = 0; n < 200; n++) limits.take('signUp', 'busy');
    for (let n = 0; n < 9_999; n++) limits.take('query', `${n}`);
    now += 1_000;
    limits.take('query', 'one more');
    expect(waitOf(() => limits.take('signUp', 'busy'))).toBeGreaterThan(0);
  });

  test('switched off, nothing is refused', () => {
    for (let n = 0; n < 1_000; n++) expect(waitOf(() => noRateLimits.take('signUp', 'a'))).toBe(0);
  });
});
