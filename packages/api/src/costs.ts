import { type BudgetLimits, DIGEST_LIMITS, PAGE_BYTES, SEARCH_LIMITS } from '@lockstep/core';
import type { CostClass, Entry } from '@lockstep/protocol/contract';
import type { GateOptions } from './gate.ts';
import type { Budget } from './rate-limits.ts';

/** What one call may use, how many of an account run at a time (docs/budget.md), and which rate limit counts it. */
export interface Cost {
  limits: BudgetLimits;
  /** Null: limited only by the rate limit. */
  gate: GateOptions | null;
  /** Long-running: only a few run at a time over all accounts, so that connections stay free for others. */
  heavy: boolean;
  /** `kind`: the rate limit of queries or of mutations. */
  rate: Budget | 'kind';
}

const LIMITS: BudgetLimits = { loopMs: 300, ms: 1_500, statementMs: 1_200, rows: 20_000, bytes: PAGE_BYTES };
const ungated = { limits: LIMITS, gate: null, heavy: false };

/** Of each class of the contract. */
export const COSTS = {
  light: { limits: LIMITS, gate: { atOnce: 8, waiting: 300, waitMs: 1_500 }, heavy: false, rate: 'kind' },
  send: { ...ungated, rate: 'send' },
  public: { ...ungated, rate: 'public' },
  signUp: { ...ungated, rate: 'signUp' },
  passwordCheck: { ...ungated, rate: 'passwordCheck' },
  search: {
    limits: SEARCH_LIMITS,
    gate: { atOnce: 2, waiting: 8, waitMs: 700 },
    heavy: true,
    rate: 'search',
  },
  digest: { limits: DIGEST_LIMITS, gate: { atOnce: 1, waiting: 4, waitMs: 700 }, heavy: true, rate: 'kind' },
  /** No time limit, one at a time. */
  verify: {
    limits: { ...LIMITS, loopMs: 60_000, ms: 300_000, rows: 100_000_000 },
    gate: { atOnce: 1, waiting: 1, waitMs: 700 },
    heavy: true,
    rate: 'kind',
  },
} satisfies Record<CostClass, Cost>;

export const rateOf = ({ cost, kind }: Pick<Entry, 'cost' | 'kind'>): Budget => {
  const { rate } = COSTS[cost];
  return rate === 'kind' ? kind : rate;
};

/** Limit of heavy calls over all accounts: half of the connections, so that the other half is free for fast calls. */
export const heavyGate = (connections: number): GateOptions => ({
  atOnce: Math.max(1, Math.floor(connections / 2)),
  waiting: 100,
  waitMs: 700,
});
