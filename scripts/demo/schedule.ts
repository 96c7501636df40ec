import type { Random } from './random.ts';
import { type CastLine, castThread, type Thread } from './thread.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back the demo reaches, in days. */
export const WEEKS = 6;

export interface Scheduled extends CastLine {
  at: Date;
}

interface Plan {
  threads: readonly Thread[];
  repeats: number;
  log?: { of: (random: Random) => CastLine[]; count: number } | undefined;
  hours: readonly [number, number];
  quietFor: number;
}

/**
 * Gives a conversation its rhythm: threads that come again lie on working days of the last weeks, some busy and some
 * quiet; recent ones lead up to now. Conversations in a thread are quick, and never overlap.
 */
export const schedule = (plan: Plan, now: Date, random: Random): Scheduled[] => {
  const end = now.getTime() - plan.quietFor * MINUTE;
  const recent = plan.threads.filter((thread) => thread.recent).map((thread) => castThread(thread, random));
  const older = plan.log
    ? Array.from({ length: plan.log.count }, () => (plan.log as NonNullable<Plan['log']>).of(random))
    : random
        .shuffle(
          plan.threads
            .filter((thread) => !thread.recent)
            .flatMap((thread) => Array<Thread>(thread.once ? 1 : plan.repeats).fill(thread)),
        )
        .map((thread) => castThread(thread, random));

  const days = busyDays(now, random);
  const until = recent.length > 0 ? end - recent.length * 9 * HOUR : end;
  const starts = older.map(() => startOn(random.pick(days), plan.hours, random)).filter((at) => at < until);
  starts.sort((a, b) => a - b);

  const blocks: Scheduled[][] = [];
  let free = 0;
  starts.forEach((start, index) => {
    const block = scheduleLines(older[index] as CastLine[], Math.max(start, free), random);
    if ((block.at(-1)?.at.getTime() ?? 0) > until) return;
    blocks.push(block);
    free = (block.at(-1)?.at.getTime() ?? 0) + random.int(2, 9) * MINUTE;
  });
  return [...blocks.flat(), ...leadUp(recent, end, random)];
};

/** Working days of the last weeks, each as often as it is busy. */
const busyDays = (now: Date, random: Random): number[] => {
  const today = Math.floor(now.getTime() / DAY) * DAY;
  const days: number[] = [];
  for (let ago = WEEKS * 7; ago >= 0; ago--) {
    const day = today - ago * DAY;
    const weekday = new Date(day).getUTCDay();
    const isFree = weekday === 0 || weekday === 6;
    const weight = isFree ? Number(random.next() < 0.2) : random.pick([1, 2, 2, 3, 5, 8]);
    days.push(...Array<number>(weight).fill(day));
  }
  return days;
};

const startOn = (day: number, [from, to]: readonly [number, number], random: Random): number =>
  day + from * HOUR + Math.floor(random.next() * (to - from) * HOUR);

/** People type some 6 characters a second, after a moment to read; runs of one person come faster. */
const scheduleLines = (lines: readonly CastLine[], start: number, random: Random): Scheduled[] => {
  let at = start;
  let before: string | null = null;
  return lines.map((line) => {
    if (before !== null) {
      const pause = before === line.who ? random.int(4, 25) : random.int(12, 170);
      at += (pause + Math.min(60, line.body.length / 6)) * 1_000;
    }
    before = line.who;
    return { ...line, at: new Date(at) };
  });
};

/** The last of them ends at `end`, the others some hours apart before it. */
const leadUp = (threads: readonly CastLine[][], end: number, random: Random): Scheduled[] => {
  const blocks: Scheduled[][] = [];
  let until = end;
  for (const lines of threads.toReversed()) {
    const block = scheduleLines(lines, 0, random);
    const shift = until - (block.at(-1)?.at.getTime() ?? 0);
    blocks.unshift(block.map((line) => ({ ...line, at: new Date(line.at.getTime() + shift) })));
    until = (blocks[0]?.[0]?.at.getTime() ?? until) - random.int(70, 460) * MINUTE;
  }
  return blocks.flat();
};
