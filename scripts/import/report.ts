import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TimeNote, Unreadable } from './irc-file.ts';

export interface Reported {
  unreadable: readonly Unreadable[];
  skipped: readonly string[];
  timeNotes: readonly TimeNote[];
}

/**
 * Writes every line and file that was left out, and what was assumed about times, and returns the path; null when there
 * is nothing to report.
 */
export const writeReport = (
  folder: string,
  { unreadable, skipped, timeNotes }: Reported,
  now = new Date(),
): string | null => {
  if (unreadable.length + skipped.length + timeNotes.length === 0) return null;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `import-report-${now.toISOString().replace(/[:.]/g, '-')}.txt`);
  const lines = [
    `Left out by the import of ${now.toISOString()}: ${unreadable.length} lines, ${skipped.length} files.`,
    ...skipped.map((file) => `${file}: no day such as 2004-12-25 in the file name`),
    ...unreadable.map(({ file, line, reason, text }) => `${file}:${line}: ${reason}: ${text}`),
    `Assumed about times: ${timeNotes.length}.`,
    ...timeNotes.map(({ file, line, text }) => `${file}:${line}: ${text}`),
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};
