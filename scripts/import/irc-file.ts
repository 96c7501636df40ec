import { type Assumption, timesOf } from './clock.ts';
import { type IrcEvent, parseLine } from './irc-line.ts';
import { decode, linesOf, withoutControls } from './text.ts';

/** A line that says something, with its place and its time. */
export interface IrcEntry {
  file: string;
  /** From 1. */
  line: number;
  at: Date;
  event: Exclude<IrcEvent, { kind: 'blank' | 'unreadable' }>;
}

export interface Unreadable {
  file: string;
  line: number;
  reason: string;
  text: string;
}

/** What was assumed about the time of a line, or of several of them. */
export interface TimeNote {
  file: string;
  line: number;
  /** In words, with the stamp of the log and the time that was taken. */
  text: string;
}

export interface IrcFile {
  entries: IrcEntry[];
  unreadable: Unreadable[];
  timeNotes: TimeNote[];
  lines: number;
  blank: number;
}

/** The day in a file's name: `2004-12-25.txt`, `#ubuntu.20041225.log`. Null when there is none, or no such day. */
export const dayOf = (file: string): Date | null => {
  const found = /(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?!\d)/.exec(file);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
};

/** Reads one day's log. `offsetMinutes` is how far the log's clock was ahead of UTC. */
export const parseFile = (file: string, day: Date, bytes: Uint8Array, offsetMinutes = 0): IrcFile => {
  const texts = [...linesOf(bytes)].map((line) => withoutControls(decode(line)));
  const parsed = texts.map(parseLine);
  const stamps = parsed.map(({ second }) => second);
  const { times, assumptions } = timesOf(stamps);
  const timeNotes = assumptions.map((assumption) => ({
    file,
    line: assumption.from + 1,
    text: wordsOf(assumption, stamps, times, day),
  }));
  const result: IrcFile = { entries: [], unreadable: [], timeNotes, lines: texts.length, blank: 0 };
  parsed.forEach((event, index) => {
    const line = index + 1;
    if (event.kind === 'blank') result.blank++;
    else if (event.kind === 'unreadable')
      result.unreadable.push({ file, line, reason: event.reason, text: texts[index] as string });
    else {
      const at = new Date(day.getTime() + (times[index] as number) * 1000 - offsetMinutes * 60_000);
      result.entries.push({ file, line, at, event });
    }
  });
  return result;
};

const wordsOf = (
  assumption: Assumption,
  stamps: readonly (number | null)[],
  times: readonly number[],
  day: Date,
): string => {
  const { kind, from } = assumption;
  const stamp = `[${clockOf(stamps[from] ?? 0)}]`;
  const taken = clockOf(times[from] as number);
  const before = clockOf(stamps.slice(0, from).findLast((other) => other !== null) ?? 0);
  if (kind === 'next-day') {
    const days = Math.floor((times[from] as number) / DAY_SECONDS);
    const date = new Date(day.getTime() + days * DAY_SECONDS * 1000).toISOString().slice(0, 10);
    return `${stamp} after [${before}]: the log passes midnight, so this line and those after it are taken for ${date}`;
  }
  if (kind === 'half-day')
    return `${stamp} after [${before}]: no hour of the log is above 12, so it is taken for a clock of 12 hours, and from here on for the next half of the day (${taken})`;
  const linesAre = assumption.to === from ? 'this line is' : `lines ${from + 1} to ${assumption.to + 1} are`;
  if (kind === 'set-back')
    return `${stamp} after [${before}]: the clock was set back, so ${linesAre} taken for ${taken}, the time before that`;
  const whose = stamps.slice(0, from).some((other) => other !== null)
    ? 'the line before'
    : 'the first line that fits';
  return `${stamp} does not follow from the lines around it, so ${linesAre} taken for ${taken}, the time of ${whose}`;
};

const DAY_SECONDS = 86_400;

/** `09:05`, with seconds where there are some; past midnight as on a clock. */
const clockOf = (seconds: number): string => {
  const text = new Date((seconds % DAY_SECONDS) * 1000).toISOString().slice(11, 19);
  return text.endsWith(':00') ? text.slice(0, 5) : text;
};
