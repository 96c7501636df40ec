import { type BudgetLimits, DIGEST_LIMITS, PAGE_BYTES, SEARCH_LIMITS } from '@lockstep/core';
import type { GateOptions } from './gate.ts';

/** What one call may use, and how many of an account run at a time (docs/budget.md). */
export interface Cost {
  limits: BudgetLimits;
  /** Null: as many as the rate limit lets through. */
  gate: GateOptions | null;
  /** One of those that take long: only some of all accounts together run at a time, so that others find a connection. */
  heavy: boolean;
}

const LIMITS: BudgetLimits = { loopMs: 300, ms: 1_500, statementMs: 1_200, rows: 20_000, bytes: PAGE_BYTES };

export const COSTS = {
  /** Bounded by what it asks for: a page, one conversation, one change. */
  light: { limits: LIMITS, gate: { atOnce: 8, waiting: 300, waitMs: 1_500 }, heavy: false },
  /** The hot path: one message, which has bounds of its own. */
  send: { limits: LIMITS, gate: null, heavy: false },
  /** Before there is an account. */
  public: { limits: LIMITS, gate: null, heavy: false },
  search: { limits: SEARCH_LIMITS, gate: { atOnce: 2, waiting: 8, waitMs: 700 }, heavy: true },
  digest: { limits: DIGEST_LIMITS, gate: { atOnce: 1, waiting: 4, waitMs: 700 }, heavy: true },
  /** The whole log: as long as it takes, one at a time. */
  verify: {
    limits: { ...LIMITS, loopMs: 60_000, ms: 300_000, rows: 100_000_000 },
    gate: { atOnce: 1, waiting: 1, waitMs: 700 },
    heavy: true,
  },
} satisfies Record<string, Cost>;

export type CostClass = keyof typeof COSTS;

/** Heavy calls of all accounts together: half of the connections, so that the other half is free for what is fast. */
export const heavyGate = (connections: number): GateOptions => ({
  atOnce: Math.max(1, Math.floor(connections / 2)),
  waiting: 100,
  waitMs: 700,
});
