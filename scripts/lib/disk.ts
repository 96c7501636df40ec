import { statfsSync } from 'node:fs';

/** As in apps/web/server/health.ts: with less than this Postgres may fail to write any moment. */
const FULL_BYTES = 128 * 1024 * 1024;
const MB = 1024 ** 2;
const CHECK_EVERY_MS = 2_000;

/**
 * Prints once when the disk of this folder is full, and once when it no longer is. Returns a function that stops it.
 */
export const watchDisk = (folder: string, print: (line: string) => void): (() => void) => {
  let wasFull = false;
  const check = () => {
    const free = freeBytes(folder);
    if (free === null) return;
    const full = fullDisk(folder, free);
    const isFull = full !== null;
    if (full && !wasFull) print(`${full}: messages cannot be stored until there is room.`);
    if (!isFull && wasFull) print(`The disk of ${folder} has room again.`);
    wasFull = isFull;
  };
  check();
  const timer = setInterval(check, CHECK_EVERY_MS);
  return () => clearInterval(timer);
};

/** In words, when the disk of this folder is full; null when it is not. */
export const fullDisk = (folder: string, free = freeBytes(folder)): string | null =>
  free !== null && free < FULL_BYTES
    ? `The disk of ${folder} is full (${Math.floor(free / MB)} MB are left)`
    : null;

const freeBytes = (folder: string): number | null => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
};
