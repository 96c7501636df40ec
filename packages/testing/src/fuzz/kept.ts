import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('kept/', import.meta.url));

/** An input that was once handled wrongly: the tests run it again for good. */
export interface Kept {
  found: { check: string; message: string; seed: number; run: number };
  input: unknown;
}

/** Writes it to `kept/<target>/`; returns the file, as seen from the current folder. */
export const keep = (target: string, kept: Kept, folder = home): string => {
  mkdirSync(join(folder, target), { recursive: true });
  const words = kept.found.check
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 50);
  const hash = createHash('sha256').update(JSON.stringify(kept.input)).digest('hex').slice(0, 8);
  const file = join(folder, target, `${words}-${hash}.json`);
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  return relative(process.cwd(), file);
};

/** The inputs kept for a target, by the names of their files. */
export const keptOf = (target: string, folder = home): Map<string, Kept> => {
  if (!existsSync(join(folder, target))) return new Map();
  const names = readdirSync(join(folder, target)).filter((name) => name.endsWith('.json'));
  return new Map(
    names.sort().map((name) => [name, JSON.parse(readFileSync(join(folder, target, name), 'utf8')) as Kept]),
  );
};
