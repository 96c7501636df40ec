const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const HALF_DAY = 12 * HOUR;

/** Several writers append lines, so a stamp may go back this far without being reported. */
const OUT_OF_ORDER = 5 * MINUTE;
/** A step back of up to this may be a clock that was set back, such as at the end of summer time. */
const SET_BACK = 2 * HOUR;
/** At most so many odd stamps follow each other; more of them are a clock of their own. */
const MAX_ODD = 8;

/**
 * How improbable something is, as a logarithm, so that costs are added up. People write in bursts: of two readings of
 * the same stamps, the one with the shorter silences is right (ln of 1 + its minutes).
 */
const COST = {
  firstOdd: 7.5,
  furtherOdd: 1.7,
  /** Less than in the middle: the first lines of a file are often the last ones of the day before. */
  firstOddAtStart: 6.1,
  setBack: 8.4,
  nextDay: 1.3,
  /** For each hour that the log goes on behind midnight: the file has the name of the day before. */
  hourOfNextDay: 0.2,
  longestSilence: 5.89,
};

/** What was assumed about the times of some lines, by their index. */
export type Assumption =
  /** The stamps fit to none of the lines around them. */
  | { kind: 'odd'; from: number; to: number }
  /** The clock went back here; up to `to` the lines have the time that the clock had before. */
  | { kind: 'set-back'; from: number; to: number }
  /** From here on it is the next half of the day, on a clock of twelve hours. */
  | { kind: 'half-day'; from: number }
  /** From here on it is the next day. */
  | { kind: 'next-day'; from: number };

export interface Times {
  /** Seconds from the beginning of the file's day, one for each line, never going back. */
  times: number[];
  assumptions: Assumption[];
}

interface Step {
  cost: number;
  kind: 'on' | 'set-back' | 'wrap';
}

/**
 * Gives the lines of one day's file times that never go back, from the seconds of the day in their stamps. Lines
 * without a stamp (null) have the time of the line before them, as have lines with an odd stamp; at the beginning of the
 * file, that of the first line that fits. Old logs count twelve hours (`11:59`, then `00:00` at noon): a file without an
 * hour of 13 or more is taken for one of these.
 */
export const timesOf = (stamps: readonly (number | null)[]): Times => {
  const lines = stamps.flatMap((stamp, line) => (stamp === null ? [] : [{ stamp, line }]));
  const wrap = lines.some(({ stamp }) => stamp >= 13 * HOUR) ? DAY : HALF_DAY;
  const assumptions: Assumption[] = [];
  const times = new Array<number>(stamps.length);
  const fitting = fittingLines(
    lines.map(({ stamp }) => stamp),
    wrap,
  );
  const firstFitting = fitting[0];
  let now = firstFitting === undefined ? 0 : (lines[firstFitting] as { stamp: number }).stamp;
  let base = 0;
  let before: number | null = null;
  let setBack: Extract<Assumption, { kind: 'set-back' }> | null = null;
  let next = 0;
  let index = -1;
  let odd: Extract<Assumption, { kind: 'odd' }> | null = null;
  stamps.forEach((stamp, line) => {
    if (stamp !== null) {
      index++;
      if (index !== fitting[next]) {
        if (odd) odd.to = line;
        else {
          odd = { kind: 'odd', from: line, to: line };
          assumptions.push(odd);
        }
      } else {
        next++;
        odd = null;
        const { kind } = before === null ? { kind: 'on' } : stepOf(before, stamp, wrap);
        if (kind === 'wrap') {
          base += wrap;
          assumptions.push({ kind: base % DAY === 0 ? 'next-day' : 'half-day', from: line });
        }
        if (kind === 'set-back') {
          setBack = { kind, from: line, to: line };
          assumptions.push(setBack);
        }
        if (base + stamp >= now) setBack = null;
        if (setBack) setBack.to = line;
        now = Math.max(now, base + stamp);
        before = stamp;
      }
    }
    times[line] = now;
  });
  return { times, assumptions };
};

/** What lies between two stamps that follow each other, if both are right. `latest`: the greatest from the second one on. */
const stepOf = (from: number, to: number, wrap: number, latest = to): Step => {
  const on = to - from;
  if (on >= -OUT_OF_ORDER)
    return { kind: 'on', cost: Math.min(COST.longestSilence, silence(Math.max(0, on))) };
  if (on >= -SET_BACK) return { kind: 'set-back', cost: COST.setBack };
  const nextDay = wrap === DAY ? COST.nextDay + COST.hourOfNextDay * (latest / HOUR) : 0;
  return { kind: 'wrap', cost: silence(on + wrap) + nextDay };
};

const silence = (seconds: number): number => Math.log1p(seconds / MINUTE);

/** The indexes of the stamps that are right, in the most probable reading of all of them. */
const fittingLines = (stamps: readonly number[], wrap: number): number[] => {
  const count = stamps.length;
  const latest = [...stamps];
  for (let i = count - 2; i >= 0; i--) latest[i] = Math.max(latest[i] as number, latest[i + 1] as number);
  const step = (from: number, to: number) =>
    stepOf(stamps[from] as number, stamps[to] as number, wrap, latest[to]).cost;
  /** Of every stamp, the costs of all steps up to it: what odd ones that follow each other would cost by themselves. */
  const sums = [0];
  for (let i = 1; i < count; i++) sums.push((sums[i - 1] as number) + step(i - 1, i));
  const odd = (first: number, last: number) => {
    if (last < first) return 0;
    const one = first === 0 ? COST.firstOddAtStart : COST.firstOdd;
    return one + COST.furtherOdd * (last - first) + (sums[last] as number) - (sums[first] as number);
  };

  const costs: number[] = [];
  const previous: number[] = [];
  for (let i = 0; i < count; i++) {
    let best = i <= MAX_ODD ? odd(0, i - 1) : Number.POSITIVE_INFINITY;
    let from = -1;
    for (let j = Math.max(0, i - 1 - MAX_ODD); j < i; j++) {
      const cost = (costs[j] as number) + odd(j + 1, i - 1) + step(j, i);
      if (cost < best) [best, from] = [cost, j];
    }
    costs.push(best);
    previous.push(from);
  }
  const inAll = (last: number) => (costs[last] as number) + odd(last + 1, count - 1);
  let end = count - 1;
  for (let i = Math.max(0, count - 1 - MAX_ODD); i < count; i++) if (inAll(i) < inAll(end)) end = i;
  const fitting: number[] = [];
  for (let at = end; at >= 0; at = previous[at] as number) fitting.push(at);
  return fitting.reverse();
};
