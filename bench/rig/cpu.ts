import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of a clock tick in `/proc`: 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** Fields of `/proc/<pid>/stat` after the name, which may have spaces in it. Null for a process that is gone. */
const statOf = (pid: number | string): string[] | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
};

const ticks = (stat: string[], ...fields: number[]): number =>
  fields.reduce((sum, field) => sum + Number(stat[field]), 0);

/**
 * CPU that a process and its children have used so far, in ms: for Postgres all its backends, also those that have
 * ended. NaN where there is no `/proc`.
 */
export const cpuOf = (pid: number): number => {
  const own = statOf(pid);
  if (!own) return Number.NaN;
  let sum = ticks(own, 11, 12, 13, 14);
  for (const child of readdirSync('/proc')) {
    if (!/^\d+$/.test(child)) continue;
    const stat = statOf(child);
    if (stat?.[1] === String(pid)) sum += ticks(stat, 11, 12);
  }
  return sum * TICK_MS;
};
