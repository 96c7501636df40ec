import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Unreadable } from './irc-file.ts';

/** Writes every line and file that was left out, and returns the path; null when nothing was. */
export const writeReport = (
  folder: string,
  { unreadable, skipped }: { unreadable: readonly Unreadable[]; skipped: readonly string[] },
  now = new Date(),
): string | null => {
  if (unreadable.length === 0 && skipped.length === 0) return null;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `import-report-${now.toISOString().replace(/[:.]/g, '-')}.txt`);
  const lines = [
    `Left out by the import of ${now.toISOString()}: ${unreadable.length} lines, ${skipped.length} files.`,
    ...skipped.map((file) => `${file}: no day such as 2004-12-25 in the file name`),
    ...unreadable.map(({ file, line, reason, text }) => `${file}:${line}: ${reason}: ${text}`),
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};
