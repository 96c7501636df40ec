import { checkOf, type FuzzTarget } from './target.ts';

/** Runs that making one input smaller may take. */
const BUDGET = 2_000;

/** Smaller values of the same shape, the smallest first: parts of texts and lists are cut out, numbers go to 0. */
export function* smaller(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield* cuts(value, (text, from, to) => text.slice(0, from) + text.slice(to));
  else if (typeof value === 'number') yield* numbers(value);
  else if (value === true) yield false;
  else if (Array.isArray(value)) {
    yield* cuts(value as unknown[], (list, from, to) => [...list.slice(0, from), ...list.slice(to)]);
    for (const [i, one] of value.entries()) for (const less of smaller(one)) yield value.with(i, less);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, one] of Object.entries(value))
      for (const less of smaller(one)) yield { ...value, [key]: less };
  }
}

/** Without its halves, its quarters, and so on to each single element. */
function* cuts<T extends { length: number }>(
  whole: T,
  without: (whole: T, from: number, to: number) => T,
): Generator<T> {
  for (let size = whole.length; size >= 1; size = Math.floor(size / 2))
    for (let from = 0; from < whole.length; from += size)
      yield without(whole, from, Math.min(whole.length, from + size));
}

function* numbers(value: number): Generator<number> {
  if (value === 0 || !Number.isFinite(value)) return;
  yield 0;
  const half = Math.trunc(value / 2);
  if (half !== 0) yield half;
  if (Number.isInteger(value) && Math.abs(value) > 1) yield value - Math.sign(value);
}

/** What running it throws, or null. */
export const failureOf = async <T>(target: FuzzTarget<T>, input: T): Promise<unknown> => {
  try {
    await target.run(input);
    return null;
  } catch (error) {
    return error ?? new Error('nothing was thrown');
  }
};

/**
 * A smaller input that fails in the same check. Greedy: the first smaller one that fails takes the place of the
 * input. `onBest` is called with each, in case the process does not survive to the end.
 */
export const shrink = async <T>(
  target: FuzzTarget<T>,
  input: T,
  error: unknown,
  onBest: (input: T) => void = () => {},
): Promise<{ input: T; error: unknown }> => {
  const check = checkOf(error);
  const candidates = target.shrink?.bind(target) ?? (smaller as (input: T) => Iterable<T>);
  let best = { input, error };
  let left = BUDGET;
  for (let found = true; found && left > 0; ) {
    found = false;
    for (const candidate of candidates(best.input)) {
      if (left-- <= 0) break;
      const failure = await failureOf(target, candidate);
      if (failure === null || checkOf(failure) !== check) continue;
      best = { input: candidate, error: failure };
      onBest(candidate);
      found = true;
      break;
    }
  }
  return best;
};
