/** A token bucket: `burst` at once, `perSecond` in the long run. */
export const createBucket = (perSecond: number, burst: number, now: () => number = Date.now) => {
  let tokens = burst;
  let at = now();
  return {
    /** True when there was a token left. */
    take: (): boolean => {
      const time = now();
      tokens = Math.min(burst, tokens + ((time - at) * perSecond) / 1_000);
      at = time;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
};
