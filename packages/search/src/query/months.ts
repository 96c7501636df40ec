import type { Budget } from '@lockstep/db';
import { rangeOfDate } from '@lockstep/protocol';

/** The months of a time zone, so that the store and this process put every moment into the same one. */
export interface Months {
  /** First moment of each, in ms, ascending from January 1970. */
  starts: number[];
  /** The name, `2008-10`, of the month that began with the n-th start, n from 1; 0 is the time before all of them. */
  name(n: number): string;
  of(at: number): string;
}

const FIRST_YEAR = 1970;
/** Past this many zones all are forgotten: names come from clients. */
const MAX_ZONES = 600;
const known = new Map<string, Months>();

/**
 * Where the name is of no zone, UTC. The first time it takes some 50 ms for a zone, however its name is spelt. Throws
 * BudgetOver where the budget ends before that.
 */
export const monthsOf = async (timeZone: string, now: number, budget: Budget): Promise<Months> => {
  const lastYear = new Date(now).getUTCFullYear() + 1;
  const zone = canonicalZone(timeZone);
  const key = `${zone} ${lastYear}`;
  const months = known.get(key) ?? (await makeMonths(zone, lastYear, budget));
  if (!known.has(key)) {
    if (known.size >= MAX_ZONES) known.clear();
    known.set(key, months);
  }
  return months;
};

/** One name for all spellings and older names of a zone. */
const canonicalZone = (timeZone: string): string => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
};

const makeMonths = async (zone: string, lastYear: number, budget: Budget): Promise<Months> => {
  const names: string[] = [];
  for (let year = FIRST_YEAR; year <= lastYear; year++)
    for (let month = 1; month <= 12; month++) names.push(`${year}-${String(month).padStart(2, '0')}`);
  const starts: number[] = [];
  // A month ends where the next begins.
  const everyOther = names.filter((_, n) => n % 2 === 0);
  const done = await budget.each(everyOther, (month) => {
    const { from, to } = rangeOfDate(month, 0, zone);
    starts.push(from, to);
  });
  if (!done) budget.check();
  const name = (n: number) => names[Math.max(0, n - 1)] as string;
  return {
    starts,
    name,
    of: (at) => {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] as number) <= at) low = middle + 1;
        else high = middle;
      }
      return name(low);
    },
  };
};
