import { type Sample, samplesOf } from './exposition.ts';

/** One series with its points, oldest first. Times in seconds. */
export interface Series {
  name: string;
  labels: Record<string, string>;
  points: { at: number; value: number }[];
}

interface Target {
  job: string;
  instance: string;
}

/** What a Prometheus would have kept of its scrapes. */
export class Scrapes {
  readonly #series = new Map<string, Series>();
  #at = 0;

  /** The time of the last scrape. */
  get at(): number {
    return this.#at;
  }

  get series(): Series[] {
    return [...this.#series.values()];
  }

  /** `text`: null where the target has not answered. `at` in seconds, which only grows. */
  add({ job, instance }: Target, text: string | null, at = performance.now() / 1_000): void {
    this.#at = at;
    const up: Sample = { name: 'up', labels: {}, value: text === null ? 0 : 1 };
    for (const { name, labels, value } of [up, ...(text === null ? [] : samplesOf(text))]) {
      const all = { ...labels, job, instance };
      const key = `${name} ${JSON.stringify(Object.entries(all).sort())}`;
      const known: Series = this.#series.get(key) ?? { name, labels: all, points: [] };
      known.points.push({ at, value });
      this.#series.set(key, known);
    }
  }

  /** Asks a target as Prometheus does. */
  async scrape(target: Target, port: number): Promise<void> {
    const text = await fetch(`http://127.0.0.1:${port}/metrics`, {
      signal: AbortSignal.timeout(10_000),
    }).then(
      (answer) => (answer.ok ? answer.text() : null),
      () => null,
    );
    this.add(target, text);
  }
}
