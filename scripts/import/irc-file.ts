import { timesOf } from './clock.ts';
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

export interface IrcFile {
  entries: IrcEntry[];
  unreadable: Unreadable[];
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
  const times = timesOf(parsed.map(({ minute }) => minute));
  const result: IrcFile = { entries: [], unreadable: [], lines: texts.length, blank: 0 };
  parsed.forEach((event, index) => {
    const line = index + 1;
    if (event.kind === 'blank') result.blank++;
    else if (event.kind === 'unreadable')
      result.unreadable.push({ file, line, reason: event.reason, text: texts[index] as string });
    else {
      const at = new Date(day.getTime() + ((times[index] as number) - offsetMinutes) * 60_000);
      result.entries.push({ file, line, at, event });
    }
  });
  return result;
};
