import { Bucket } from '@lockstep/core';
import { LockstepError } from '@lockstep/protocol';

/** Calls per seconds. Each web process counts separately. Documented in docs/sync.md. */
export const BUDGETS = {
  /** Of one account. */
  send: { calls: 300, seconds: 10 },
  mutation: { calls: 100, seconds: 10 },
  query: { calls: 600, seconds: 10 },
  search: { calls: 150, seconds: 10 },
  /**
   * Per address, without a session: enough for a company behind one router that signs up or signs in on one morning.
   */
  public: { calls: 400, seconds: 10 },
  passwordCheck: { calls: 100, seconds: 20 },
  signUp: { calls: 200, seconds: 600 },
  /** Rendered pages: they cost more than most calls and need no session. */
  page: { calls: 300, seconds: 10 },
} as const;

export type Budget = keyof typeof BUDGETS;

export interface RateLimits {
  /** Takes one call. Throws LockstepError `rate_limited` with `retryAfterMs`. */
  take(budget: Budget, key: string): void;
}

/** Above this number of keys, full buckets are dropped. */
const MAX_BUCKETS = 10_000;

/** One bucket for each budget and key: a full one allows the whole budget at once, and fills up evenly over its seconds. */
export const rateLimits = (
  now: () => number = () => performance.now(),
  onRefused: (budget: Budget) => void = () => {},
): RateLimits => {
  const buckets = new Map<string, Bucket>();

  const dropFull = () => {
    for (const [name, bucket] of buckets) if (bucket.isFull()) buckets.delete(name);
  };

  return {
    take: (budget, key) => {
      const name = `${budget} ${key}`;
      let bucket = buckets.get(name);
      if (!bucket) {
        if (buckets.size >= MAX_BUCKETS) dropFull();
        const { calls, seconds } = BUDGETS[budget];
        bucket = new Bucket(calls / seconds, calls, now);
        buckets.set(name, bucket);
      }
      const retryAfterMs = bucket.take();
      if (retryAfterMs === 0) return;
      onRefused(budget);
      throw new LockstepError('rate_limited', undefined, { retryAfterMs });
    },
  };
};

export const noRateLimits: RateLimits = { take: () => {} };
