import { randomOf } from './random.ts';
import { failureOf, shrink } from './shrink.ts';
import { checkOf, type FuzzTarget } from './target.ts';

interface FuzzOptions {
  seed: number;
  /** Number of the first run. */
  from?: number;
  /** Ends after that many runs, or before. */
  runs?: number;
  /** Ends once it is true; asked before each run. */
  isOver?: () => boolean;
  /** Different failures after which it ends. */
  mostFailures?: number;
  /** Before each run, with its number. */
  onRun?: (run: number) => void;
  /** The smallest input so far that fails in this way. */
  onFound?: (found: FuzzFound) => void;
}

export interface FuzzFound {
  check: string;
  message: string;
  run: number;
  input: unknown;
}

interface FuzzResult {
  runs: number;
  found: FuzzFound[];
}

/** Run after run, each with an input of its own. Failing inputs are shrunk; each check is reported once. */
export const fuzz = async <T>(target: FuzzTarget<T>, options: FuzzOptions): Promise<FuzzResult> => {
  const { seed, from = 0, runs = Infinity, isOver = () => false, mostFailures = 5 } = options;
  const found = new Map<string, FuzzFound>();
  let run = from;
  for (; run < from + runs && found.size < mostFailures && !isOver(); run++) {
    options.onRun?.(run);
    const input = inputOf(target, seed, run);
    const error = await failureOf(target, input);
    if (error === null || found.has(checkOf(error))) continue;
    const report = (input: T, error: unknown) => {
      const one = { check: checkOf(error), message: messageOf(error), run, input };
      found.set(one.check, one);
      options.onFound?.(one);
    };
    report(input, error);
    const least = await shrink(target, input, error, (smaller) => report(smaller, error));
    report(least.input, least.error);
  }
  return { runs: run - from, found: [...found.values()] };
};

/** What a run of that number is fed with. */
export const inputOf = <T>(target: FuzzTarget<T>, seed: number, run: number): T =>
  target.generate(randomOf(seed, target.name, run));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
