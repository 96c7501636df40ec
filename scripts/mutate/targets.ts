import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';

/** Sources that may be mutated. */
export const isSource = (file: string): boolean =>
  /^(packages|apps)\/[^/]+\/.*\.tsx?$/.test(file) &&
  !/\/(test|generated|node_modules)\/|^packages\/testing\//.test(file);

/** `packages/core` of a path. */
export const packageOf = (file: string): string => file.split('/').slice(0, 2).join('/');

/** `core` or `packages/core` to the folder of the package. Throws when there is none. */
export const packageFolder = (root: string, name: string): string => {
  const folder = [name, `packages/${name}`, `apps/${name}`].find((one) =>
    existsSync(join(root, one, 'package.json')),
  );
  if (!folder) throw new Error(`There is no package "${name}".`);
  return folder;
};

/** The sources of a package. */
export const sourcesOf = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((file) => isSource(file) && !file.includes('/node_modules/') && !file.includes('/.next/'))
    .sort();

/** The lines that have changed against a revision, by file; the whole of a new file. */
export const changedLines = (root: string, base: string): Map<string, (line: number) => boolean> => {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const changed = new Map<string, (line: number) => boolean>();
  let file = '';
  const ranges = new Map<string, [from: number, to: number][]>();
  for (const line of git(
    'diff',
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    base,
    '--',
    'packages',
    'apps',
  ).split('\n')) {
    if (line.startsWith('+++ ')) file = line.replace(/^\+\+\+ (b\/)?/, '');
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk || !isSource(file)) continue;
    const from = Number(hunk[1]);
    ranges.set(file, [...(ranges.get(file) ?? []), [from, from + Number(hunk[2] ?? 1) - 1]]);
  }
  for (const [name, known] of ranges)
    changed.set(name, (at) => known.some(([from, to]) => from <= at && at <= to));
  for (const name of git('ls-files', '--others', '--exclude-standard', 'packages', 'apps').split('\n'))
    if (isSource(name)) changed.set(name, () => true);
  return changed;
};

/** A mutant that no test can tell from the original, and why. */
export interface Equivalent {
  file: string;
  /** The line, without its indent. */
  context: string;
  was: string;
  to: string;
  reason: string;
}

/** Why a mutant is equivalent, or null. */
export const equivalence = (list: readonly Equivalent[], { file, context, was, to }: Mutant): string | null =>
  list.find((one) => one.file === file && one.context === context && one.was === was && one.to === to)
    ?.reason ?? null;

export const readEquivalents = (path: string): Equivalent[] =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Equivalent[]) : [];
