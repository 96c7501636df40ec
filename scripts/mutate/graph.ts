import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Which files a file loads, directly or through others, as paths from the root. */
export interface Graph {
  /** The file itself and all that it loads. */
  closure(file: string): ReadonlySet<string>;
  /** Changes when any of these changes. */
  hash(file: string): string;
}

/** `from '…'`, `import '…'`, `import('…')`. */
const IMPORT = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;
/** A text that names a file, such as one that a test starts as a process of its own. */
const NAMED = /['"`]((?:\.{1,2}\/)?[\w./-]+\.(?:ts|tsx|mjs))['"`]/g;

export const importGraph = (root: string): Graph => {
  const texts = new Map<string, string>();
  const direct = new Map<string, string[]>();
  const closures = new Map<string, ReadonlySet<string>>();
  const packages = workspacePackages(root);

  const read = (file: string): string => {
    const known = texts.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(join(root, file), 'utf8');
    texts.set(file, text);
    return text;
  };
  const isFile = (file: string) =>
    !file.startsWith('..') && existsSync(join(root, file)) && statSync(join(root, file)).isFile();
  const ownPackage = (file: string) => file.split(sep).slice(0, 2).join(sep);

  const importsOf = (file: string): string[] => {
    const known = direct.get(file);
    if (known) return known;
    const text = read(file);
    const result = new Set<string>();
    for (const [, target = ''] of text.matchAll(IMPORT)) {
      const path = target.startsWith('.')
        ? relative(root, join(root, dirname(file), target))
        : packages(target);
      if (path && isFile(path)) result.add(path);
    }
    for (const [, target = ''] of text.matchAll(NAMED))
      for (const folder of [dirname(file), ownPackage(file), '.']) {
        const path = join(folder, target);
        if (isFile(path)) result.add(path);
      }
    direct.set(file, [...result]);
    return [...result];
  };

  const closure = (file: string): ReadonlySet<string> => {
    const known = closures.get(file);
    if (known) return known;
    const seen = new Set<string>([file]);
    const open = [file];
    for (let next = open.pop(); next !== undefined; next = open.pop())
      for (const target of importsOf(next))
        if (!seen.has(target)) {
          seen.add(target);
          open.push(target);
        }
    closures.set(file, seen);
    return seen;
  };

  return {
    closure,
    hash: (file) => {
      const hash = createHash('sha256');
      for (const one of [...closure(file)].sort()) hash.update(`${one}\n${read(one)}\n`);
      return hash.digest('hex').slice(0, 16);
    },
  };
};

/** From `@lockstep/name/what` to the file that it stands for, by the `exports` of the packages. */
const workspacePackages = (root: string): ((target: string) => string | null) => {
  const exports = new Map<string, { folder: string; entries: Record<string, unknown> }>();
  for (const group of ['packages', 'apps'])
    for (const name of existsSync(join(root, group)) ? readdirSync(join(root, group)) : []) {
      const file = join(root, group, name, 'package.json');
      if (!existsSync(file)) continue;
      const { name: id, exports: entries = {} } = JSON.parse(readFileSync(file, 'utf8'));
      exports.set(id, { folder: join(group, name), entries });
    }
  return (target) => {
    const [scope, name, ...rest] = target.split('/');
    const found = exports.get(`${scope}/${name}`);
    if (!found) return null;
    const path = rest.join('/');
    const entry = found.entries[path ? `./${path}` : '.'];
    return typeof entry === 'string' ? join(found.folder, entry) : null;
  };
};
