import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Who may import whom among our own packages. Arrows point down only (README, "How it works"). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'packages/protocol': [],
  'packages/sync': ['protocol'],
  'packages/db': ['protocol'],
  'packages/search': ['db', 'protocol'],
  'packages/core': ['db', 'search', 'protocol'],
  'packages/realtime': ['core', 'protocol'],
  'packages/api': ['core', 'protocol'],
  'apps/worker': ['core', 'db', 'search', 'protocol'],
  'apps/web': ['api', 'core', 'realtime', 'sync', 'protocol'],
  'packages/testing': ['api', 'core', 'db', 'protocol', 'realtime', 'sync', 'web'],
};

/** The packages that may import a package directly; without apps/web and packages/testing, whose tests take long. */
export const directDependents = (owner: string): string[] =>
  Object.entries(MAY_IMPORT)
    .filter(([name]) => name !== 'packages/testing' && name !== 'apps/web')
    .filter(([, allowed]) => allowed.includes(owner.split('/')[1] ?? ''))
    .map(([name]) => name);

/** What runs on devices. */
const ON_DEVICES = ['packages/sync', 'apps/web'];

/** Packages from outside that only one of ours may import. */
const OUTSIDE: { pattern: RegExp; only: string; why: string }[] = [
  { pattern: /^@prisma\//, only: 'packages/db', why: 'only packages/db knows Prisma' },
];

const FUZZ = join('packages/testing/src/fuzz', sep);

const IMPORT = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;
const TYPE_ONLY = /import\s+type\s[^;]*?from\s+['"]([^'"]+)['"]/g;

/** Reads every source file of apps/ and packages/ below `root`. One line a violation, with what to do. */
export const checkImports = (root: string): { files: number; violations: string[] } => {
  const violations: string[] = [];
  let files = 0;
  for (const [owner, allowed] of Object.entries(MAY_IMPORT)) {
    for (const file of sources(join(root, owner))) {
      files++;
      const name = relative(root, file);
      // What fuzzing feeds is also what a package does not export.
      const isTest = name.split(sep).includes('test') || name.includes(FUZZ);
      const text = readFileSync(file, 'utf8');
      const typeOnly = new Set([...text.matchAll(TYPE_ONLY)].map((match) => match[1]));
      for (const [, target = ''] of text.matchAll(IMPORT)) {
        const reason = fault(root, owner, allowed, file, target, isTest, typeOnly.has(target));
        if (reason) violations.push(`${name}: imports ${target}: ${reason}`);
      }
    }
  }
  return { files, violations };
};

const fault = (
  root: string,
  owner: string,
  allowed: readonly string[],
  file: string,
  target: string,
  isTest: boolean,
  typeOnly: boolean,
): string | null => {
  if (target.startsWith('.')) {
    const inside = !relative(join(root, owner), resolve(dirname(file), target)).startsWith('..');
    return inside || isTest ? null : 'leaves its package; import the package by its name';
  }
  const own = target.match(/^@lockstep\/([a-z]+)/)?.[1];
  if (own) {
    if (own === 'testing') return isTest ? null : 'is for tests only';
    // The text of the search engine is pure: devices search what they hold in the same way.
    if (/^@lockstep\/search\/(text|device)$/.test(target) && ON_DEVICES.includes(owner)) return null;
    if (owner === 'packages/search' && file.includes(`${sep}text${sep}`) && !isTest && own !== 'protocol')
      return 'search/text runs on devices too, and imports only protocol';
    // The browser may know the shape of the API, never its code.
    if (owner === 'apps/web' && own === 'api' && !typeOnly && isClient(file))
      return 'the browser gets only types of it (`import type`)';
    if (isTest || owner.endsWith(`/${own}`) || allowed.includes(own)) return null;
    return `${owner} may import ${allowed.join(', ') || 'none of ours'}`;
  }
  const outside = OUTSIDE.find(({ pattern }) => pattern.test(target));
  if (outside && outside.only !== owner) return outside.why;
  if (owner === 'packages/protocol' && !isTest && target !== 'zod') return 'protocol imports only zod';
  return null;
};

/** The files of apps/web that run on the server only. */
const isClient = (file: string) => !/(server|backend|headers)\.ts$|\/web\/http\//.test(file);

const sources = (folder: string): string[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'generated', '.next', '.turbo'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(ts|tsx|mts)$/.test(entry.name) ? [path] : [];
  });
};
