import { LockstepError } from '@lockstep/protocol';

/** How many calls in how many seconds. Each web process counts for itself. */
const BUDGETS = {
  /** Of one account. */
  send: { calls: 300, seconds: 10 },
  mutation: { calls: 100, seconds: 10 },
  query: { calls: 600, seconds: 10 },
  search: { calls: 150, seconds: 10 },
  /** Of one address, without a session. */
  public: { calls: 100, seconds: 10 },
  signUp: { calls: 30, seconds: 600 },
} as const;

export type Budget = keyof typeof BUDGETS;

export interface RateLimits {
  /** Takes one call. Throws LockstepError `rate_limited` with `retryAfterMs`. */
  take(budget: Budget, key: string): void;
}

interface Bucket {
  /** Calls left at `at`. */
  left: number;
  at: number;
}

/** Past so many keys, those that are full again are dropped. */
const MAX_BUCKETS = 10_000;

/**
 * Token buckets: a full one allows the whole budget at once, and fills up again evenly over its seconds. Synchronous,
 * for the hot path.
 */
export const rateLimits = (now: () => number = Date.now): RateLimits => {
  const buckets = new Map<string, Bucket>();

  const dropFull = (at: number) => {
    for (const [key, bucket] of buckets) {
      const { calls, seconds } = BUDGETS[key.split(' ', 1)[0] as Budget];
      if (bucket.left + ((at - bucket.at) * calls) / (seconds * 1_000) >= calls) buckets.delete(key);
    }
  };

  return {
    take: (budget, key) => {
      const { calls, seconds } = BUDGETS[budget];
      const perMs = calls / (seconds * 1_000);
      const at = now();
      const name = `${budget} ${key}`;
      let bucket = buckets.get(name);
      if (!bucket) {
        if (buckets.size >= MAX_BUCKETS) dropFull(at);
        bucket = { left: calls, at };
        buckets.set(name, bucket);
      }
      bucket.left = Math.min(calls, bucket.left + (at - bucket.at) * perMs);
      bucket.at = at;
      if (bucket.left < 1) {
        throw new LockstepError('rate_limited', undefined, {
          retryAfterMs: Math.ceil((1 - bucket.left) / perMs),
        });
      }
      bucket.left--;
    },
  };
};

export const noRateLimits: RateLimits = { take: () => {} };
