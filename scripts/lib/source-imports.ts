import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** One import of a source file. */
export interface SourceImport {
  /** As it is written. */
  target: string;
  /** Only types are taken, so nothing is loaded. */
  typeOnly: boolean;
}

const IMPORT = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;
const TYPE_ONLY = /import\s+type\s[^;]*?from\s+['"]([^'"]+)['"]/g;

export const importsIn = (text: string): SourceImport[] => {
  const typeOnly = new Set([...text.matchAll(TYPE_ONLY)].map((match) => match[1]));
  return [...text.matchAll(IMPORT)].map(([, target = '']) => ({ target, typeOnly: typeOnly.has(target) }));
};

/** The file that a relative target, or one from the top of apps/web (`@/`), stands for: a path from the root. */
export const resolveSource = (root: string, file: string, target: string): string | null => {
  if (target.startsWith('@/')) return join('apps/web', target.slice(2));
  return target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : null;
};

const SKIPPED = ['node_modules', 'generated', '.next', '.turbo'];

/** Every source file below a folder, as paths from the root; without folders that `isApart` names. */
export const sourcesBelow = (
  root: string,
  folder: string,
  isApart: (path: string) => boolean = () => false,
): string[] => {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (SKIPPED.includes(entry.name) || isApart(path)) return [];
    if (entry.isDirectory()) return sourcesBelow(root, path, isApart);
    return /\.(ts|tsx|mts)$/.test(entry.name) ? [path] : [];
  });
};

/** The files of our own that a file imports inside its package, for types too. */
export const neighboursOf = (root: string, file: string): string[] =>
  importsIn(readFileSync(join(root, file), 'utf8'))
    .map(({ target }) => resolveSource(root, file, target))
    .filter((path) => path !== null)
    .filter((path) => !path.startsWith(`..${sep}`) && isFile(join(root, path)));

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** A file and all that it imports inside its package, directly or through others. */
export const closureOf = (root: string, file: string): Set<string> => {
  const seen = new Set<string>();
  const open = isFile(join(root, file)) ? [file] : [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...neighboursOf(root, next));
  }
  return seen;
};

/** Groups of files that import one another in a circle (strongly connected, by Tarjan's algorithm). */
export const circlesAmong = (root: string, files: readonly string[]): string[][] => {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const among = new Set(files);
  const visit = (file: string) => {
    const at = index.size;
    index.set(file, at);
    low.set(file, at);
    stack.push(file);
    for (const next of neighboursOf(root, file).filter((one) => among.has(one))) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file) ?? at, low.get(next) ?? at));
    }
    if (low.get(file) !== at) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of files) if (!index.has(file)) visit(file);
  return circles;
};
