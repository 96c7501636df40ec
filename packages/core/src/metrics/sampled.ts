export interface SampledOptions {
  /** How long a reading is used again, in ms. */
  freshMs?: number;
  /** How long a scrape waits for a new one, in ms. */
  waitMs?: number;
  /** How long an old reading stands in for one that is late or failed, in ms. */
  staleMs?: number;
}

/**
 * A reading that costs something, for scrapes: asked at most once at a time and every `freshMs`, however many scrape.
 * Undefined when there is none that is recent.
 */
export const sampled = <T>(
  read: () => Promise<T>,
  { freshMs = 5_000, waitMs = 800, staleMs = 60_000 }: SampledOptions = {},
  now: () => number = () => performance.now(),
): (() => Promise<T | undefined>) => {
  let last: { at: number; value: T } | undefined;
  let reading: Promise<void> | undefined;

  const start = (): Promise<void> => {
    reading ??= read()
      .then(
        (value) => {
          last = { at: now(), value };
        },
        () => {},
      )
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return async () => {
    if (!last || now() - last.at >= freshMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, waitMs);
      });
      await Promise.race([start(), late]);
      clearTimeout(timer);
    }
    return last && now() - last.at < staleMs ? last.value : undefined;
  };
};
