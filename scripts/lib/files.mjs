import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Made or kept by tools, never a source. */
const SKIPPED = new Set(['node_modules', '.next', '.turbo', '.lockstep', 'test', 'test-results']);
const MADE = /(\.tsbuildinfo|next-env\.d\.ts)$/;

/** Every source file below these files and folders of the repository, in a fixed order. */
const filesOf = (paths) =>
  paths.flatMap((path) => {
    const full = join(root, path);
    if (!existsSync(full)) return [];
    if (statSync(full).isFile()) return [full];
    return readdirSync(full, { withFileTypes: true })
      .filter((entry) => !SKIPPED.has(entry.name) && !MADE.test(entry.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => filesOf([join(path, entry.name)]));
  });

/** One for all files: a buffer for each would stay in the memory of the launcher. */
const buffer = Buffer.allocUnsafe(64 * 1024);

const addContent = (hash, path) => {
  const file = openSync(path);
  for (let bytes = readSync(file, buffer); bytes > 0; bytes = readSync(file, buffer))
    hash.update(buffer.subarray(0, bytes));
  closeSync(file);
};

/** A hash over names and contents: of the whole content, since a checkout changes times. Some 10 ms a thousand files. */
export const hashOf = (paths, ...more) => {
  const hash = createHash('sha256');
  for (const file of filesOf(paths)) {
    hash.update(relative(root, file)).update('\0');
    addContent(hash, file);
    hash.update('\0');
  }
  for (const text of more) hash.update(String(text)).update('\0');
  return hash.digest('hex');
};

/** Remembers below node_modules what a step was last done for, so that both go together. */
const stampFile = (name) => join(root, 'node_modules', '.cache', 'lockstep', name);

export const readStamp = (name) =>
  existsSync(stampFile(name)) ? readFileSync(stampFile(name), 'utf8') : null;

export const isStamped = (name, value) => readStamp(name) === value;

export const stamp = (name, value) => {
  mkdirSync(dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), value);
};
