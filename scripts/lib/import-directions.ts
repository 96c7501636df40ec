import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { circlesAmong, closureOf, importsIn, resolveSource, sourcesBelow } from './source-imports.ts';

/** Who may import whom among our own packages, in one direction only (docs/architecture.md). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'packages/protocol': [],
  'packages/sync': ['protocol'],
  'packages/db': ['protocol'],
  'packages/search': ['db', 'protocol'],
  'packages/core': ['db', 'search', 'protocol'],
  'packages/realtime': ['core', 'protocol'],
  'packages/api': ['core', 'protocol'],
  'apps/worker': ['core', 'db', 'search', 'protocol'],
  // The browser, and the pages.
  'apps/web': ['sync', 'protocol'],
  'apps/web/server': ['api', 'core', 'realtime', 'protocol'],
  'packages/testing': ['api', 'core', 'db', 'protocol', 'realtime', 'search', 'sync', 'web'],
};

/** The packages that may import a package directly; without apps/web and packages/testing, whose tests take long. */
export const directDependents = (owner: string): string[] =>
  Object.entries(MAY_IMPORT)
    .filter(([name]) => name !== 'packages/testing' && !name.startsWith('apps/web'))
    .filter(([, allowed]) => allowed.includes(owner.split('/')[1] ?? ''))
    .map(([name]) => name);

/** What devices load of packages/search: all that is reached from here imports nothing of ours but the protocol. */
const ON_DEVICES = 'packages/search/src/device/index.ts';

/** Folders of apps/web that not every other may import; the first that fits a file counts. */
const WEB_FOLDERS: { folder: string; from: RegExp; server?: boolean; why: string }[] = [
  {
    folder: 'apps/web/server/pages.ts',
    from: /^apps\/web\/app\//,
    server: true,
    why: 'is for pages that are rendered on the server',
  },
  {
    folder: 'apps/web/server/',
    from: /^apps\/web\/server\//,
    why: 'runs on the server only: the browser asks it by the API, pages by server/pages.ts',
  },
  { folder: 'apps/web/app/', from: /^apps\/web\/app\//, why: 'has pages, which nothing imports' },
  {
    folder: 'apps/web/components/shell/',
    from: /^apps\/web\/(?:app|components\/shell)\//,
    why: 'puts the other folders together: what they share with it belongs to lib, ui or a folder of its own',
  },
];

/** Packages from outside that only one of ours may import. */
const OUTSIDE: { pattern: RegExp; only: string; why: string }[] = [
  { pattern: /^@prisma\//, only: 'packages/db', why: 'only packages/db knows Prisma' },
];

/** Folders outside of the packages that are checked for circles too. */
const OF_NO_PACKAGE = ['scripts', 'e2e', 'bench'];

const FUZZ = join('packages/testing/src/fuzz', sep);

/**
 * Reads every source file of apps/ and packages/ below `root`, and what the packages export. One line a violation, with
 * what to do.
 */
export const checkImports = (root: string): { files: number; violations: string[] } => {
  const violations: string[] = [];
  let files = 0;
  const allSources = OF_NO_PACKAGE.flatMap((folder) => sourcesBelow(root, folder));
  const onDevices = closureOf(root, ON_DEVICES);
  for (const [owner, allowed] of Object.entries(MAY_IMPORT)) {
    const sources = sourcesBelow(root, owner, (path) => path !== owner && path in MAY_IMPORT);
    files += sources.length;
    for (const file of sources) {
      const text = readFileSync(join(root, file), 'utf8');
      const source: Source = {
        ...{ root, file, owner, allowed },
        // What fuzzing feeds is also what a package does not export.
        isTest: file.split(sep).includes('test') || file.startsWith(FUZZ),
        isClient: /^['"]use client['"]/.test(text),
        onDevices: onDevices.has(file),
      };
      for (const { target, typeOnly } of importsIn(text)) {
        const reason = fault(source, target, typeOnly);
        if (reason) violations.push(`${file}: imports ${target}: ${reason}`);
      }
    }
    allSources.push(...sources);
  }
  for (const circle of circlesAmong(root, allSources))
    violations.push(`${circle.join(', ')}: import one another in a circle; what they share is a third file`);
  violations.push(...openExports(root));
  return { files, violations };
};

interface Source {
  root: string;
  file: string;
  owner: string;
  allowed: readonly string[];
  isTest: boolean;
  /** It begins with 'use client'. */
  isClient: boolean;
  onDevices: boolean;
}

const fault = (source: Source, target: string, typeOnly: boolean): string | null => {
  const { root, file, owner, allowed, isTest, onDevices } = source;
  const path = resolveSource(root, file, target);
  if (path !== null) {
    if (isTest) return null;
    if (!path.startsWith(owner.split('/', 2).join('/')))
      return 'leaves its package; import the package by its name';
    return roomFault(source, path);
  }
  const own = target.match(/^@lockstep\/([a-z]+)/)?.[1];
  if (own) {
    if (own === 'testing') return isTest ? null : 'is for tests only';
    if (onDevices && own !== 'protocol') return 'is loaded by devices, and imports only protocol';
    // Devices search what they hold in the way the server searches.
    if (target === '@lockstep/search/device' && owner === 'apps/web') return null;
    // The browser may import the types of the API, never its code.
    if (own === 'api' && owner === 'apps/web' && !isTest)
      return typeOnly ? null : 'the browser gets only types of it (`import type`)';
    if (isTest || owner.endsWith(`/${own}`) || allowed.includes(own)) return null;
    return `${owner} may import ${allowed.join(', ') || 'none of ours'}`;
  }
  const outside = OUTSIDE.find(({ pattern }) => pattern.test(target));
  if (outside && outside.only !== owner) return outside.why;
  if (owner === 'packages/protocol' && !isTest && target !== 'zod') return 'protocol imports only zod';
  return null;
};

const roomFault = ({ file, isClient }: Source, path: string): string | null => {
  const folder = WEB_FOLDERS.find((one) => path.startsWith(one.folder));
  if (!folder || (folder.from.test(file) && !(folder.server && isClient))) return null;
  return `${folder.folder} ${folder.why}`;
};

/** Packages say by name what they export: a pattern would open all their files. */
const openExports = (root: string): string[] =>
  ['packages', 'apps']
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name, 'package.json')))
    .filter((file) => existsSync(join(root, file)))
    .flatMap((file) => {
      const { exports = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { exports?: object };
      return Object.keys(exports)
        .filter((entry) => entry.includes('*'))
        .map(
          (entry) =>
            `${file}: exports "${entry}", which opens all of ${dirname(file)}; name what is exported`,
        );
    });
