import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface TestFiles {
  /** Need nothing but Node: the quick part. */
  unit: string[];
  /** Need a Postgres, found by what they import, themselves or through their helpers. */
  integration: string[];
}

/** Every `*.test.ts(x)` of packages/, apps/ and scripts/, as paths from the root. Throws when there is none. */
export const testFiles = (): TestFiles => {
  const folders = [
    ...['packages', 'apps'].flatMap((group) =>
      readdirSync(join(root, group)).map((name) => join(root, group, name, 'test')),
    ),
    join(root, 'scripts/test'),
  ].filter(existsSync);
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  if (files.length === 0) throw new Error('No tests were found.');
  const result: TestFiles = { unit: [], integration: [] };
  for (const file of files)
    result[needsDatabase(file, new Set()) ? 'integration' : 'unit'].push(relative(root, file));
  return result;
};

const DATABASE = /['"]@lockstep\/(testing(?:\/(?:cluster|stack|world))?|db\/embedded)['"]/;
const RELATIVE = /(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+\.tsx?)['"]/g;

/** Follows helpers inside test folders only: what the product imports says nothing about the test. */
const needsDatabase = (file: string, seen: Set<string>): boolean => {
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  if (DATABASE.test(text)) return true;
  return [...text.matchAll(RELATIVE)]
    .map(([, target = '']) => resolve(dirname(file), target))
    .some((target) => target.includes('/test/') && needsDatabase(target, seen));
};
