const HALF_DAY = 12 * 60;
const DAY = 24 * 60;
/** A step back of up to this is someone setting the clock, not the next morning. */
const CLOCK_SET_BACK = 2 * 60;

/**
 * Gives the lines of one day's file times that never go back. Lines without a time have that of the line before them.
 * Old logs count twelve hours (`11:59`, then `00:00` at noon), so a step back means the next half day there, and the
 * next day in a file that has an hour of 13 or more.
 */
export const timesOf = (minutes: readonly (number | null)[]): number[] => {
  const wrap = minutes.some((minute) => minute !== null && minute >= 13 * 60) ? DAY : HALF_DAY;
  let now = minutes.find((minute) => minute !== null) ?? 0;
  return minutes.map((minute) => {
    if (minute === null) return now;
    let next = minute;
    while (next < now - CLOCK_SET_BACK) next += wrap;
    now = Math.max(now, next);
    return now;
  });
};
