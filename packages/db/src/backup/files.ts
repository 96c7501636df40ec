import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BackupError } from './fault.ts';
import type { Part } from './manifest.ts';

/** Where a backup keeps the files of DATA_DIR. */
export const FILES = 'files';

/** Of DATA_DIR: Postgres's own folder and its password, logs, and what says which process runs. */
const NOT_KEPT = /^(postgres($|[-.])|logs$|start\.lock|.*\.(new|partial(-\d+)?)$)/;

/**
 * The files of DATA_DIR that belong to the workspace, such as secrets and exports: paths below it, with `/`, in order.
 * Whatever is not known to be made again is one.
 */
export const listFiles = async (dataDir: string): Promise<string[]> => {
  const found: string[] = [];
  const walk = async (folder: string) => {
    for (const name of (await namesIn(join(dataDir, folder))).sort()) {
      const path = posix.join(folder, name);
      if (folder === '' && NOT_KEPT.test(name)) continue;
      const entry = await stat(join(dataDir, path)).catch(() => null);
      if (entry?.isDirectory()) await walk(path);
      else if (entry?.isFile()) found.push(path);
    }
  };
  await walk('');
  return found;
};

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });

/** Passes on everything, and takes its SHA-256 and size. */
export const hashing = () => {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform: (chunk: Buffer, _, done) => {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ bytes, sha256: hash.digest('hex') }) };
};

/** Null where there is no such file. */
export const hashOf = async (path: string, signal?: AbortSignal): Promise<Omit<Part, 'path'> | null> => {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
};

/** Makes sure that a file or a folder outlives a loss of power. */
export const sync = async (path: string): Promise<void> => {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
};

/** Null where the file has gone meanwhile, such as an export that has expired. Readable by its owner only. */
export const copyFile = async (from: string, to: string): Promise<Omit<Part, 'path'> | null> => {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const { stream, result } = hashing();
  try {
    await pipeline(createReadStream(from), stream, createWriteStream(to, { mode: 0o600 }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await rm(to, { force: true });
    return null;
  }
  await sync(to);
  return result();
};

/** What is in a folder at these paths; those that have gone are left out. */
export const hashFiles = async (folder: string, paths: readonly string[]): Promise<Part[]> => {
  const parts: Part[] = [];
  for (const path of paths) {
    const there = await hashOf(join(folder, path));
    if (there) parts.push({ path, ...there });
  }
  return parts;
};

/** Throws BackupError where a file is in the way: only what is missing, or is the same, may be put there. */
export const checkFiles = async (folder: string, parts: readonly Part[]): Promise<void> => {
  for (const { path, sha256 } of parts) {
    const file = join(folder, path);
    const there = await hashOf(file);
    if (there && there.sha256 !== sha256)
      throw new BackupError(
        `${file} is there already and is another one: move it away, or name a folder that does not exist`,
      );
  }
};

/** Copies files from folder to folder; each is renamed into place when it is whole. */
export const placeFiles = async (from: string, to: string, parts: readonly Part[]): Promise<void> => {
  for (const { path } of parts) {
    const file = join(to, path);
    await copyFile(join(from, path), `${file}.partial`);
    await rename(`${file}.partial`, file);
  }
};
