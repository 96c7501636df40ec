import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { isAlive } from '../embedded/process.ts';
import { inLanes } from './connect.ts';
import { copyOut, countRows } from './copy.ts';
import { BackupError } from './fault.ts';
import { copyFile, FILES, hashing, listFiles, sync } from './files.ts';
import { MANIFEST, MANIFEST_SUM, type Manifest, type Part, sha256, type TablePart } from './manifest.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';

export interface BackupOptions {
  /** The database, which others may use meanwhile. */
  url: string;
  /** DATA_DIR, for its files. */
  dataDir: string;
  /** Is made; must not exist, or be empty. */
  folder: string;
  /** Version of Lockstep. */
  version: string;
  /** Told about how many rows there are, before the first is written. */
  onStart?: (rows: number) => void;
  /** Told how many more rows are written. */
  onRows?: (count: number) => void;
  signal?: AbortSignal;
}

export interface Backup {
  manifest: Manifest;
  sha256: string;
  /** Of all files together. */
  bytes: number;
  /** Tables in the same schema that are not of Lockstep. */
  leftOut: string[];
}

/** Text of a chat becomes a third; more effort makes it a little smaller and takes three times as long. */
const LEVEL = 3;

/**
 * Writes a backup: everything that was committed when it began, in one folder, which has its name once it is whole.
 * What a stopped one has left is removed by the next. Throws BackupError.
 */
export const backUp = async (options: BackupOptions): Promise<Backup> => {
  const folder = resolve(options.folder);
  await checkFolder(folder, options.dataDir);
  await removeUnfinished(folder);
  const unfinished = `${folder}.partial-${process.pid}`;
  await mkdir(join(unfinished, 'tables'), { recursive: true, mode: 0o700 });
  try {
    const backup = await writeAll(unfinished, options);
    await rename(unfinished, folder);
    await sync(dirname(folder));
    return backup;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
};

const checkFolder = async (folder: string, dataDir: string): Promise<void> => {
  if (!relative(resolve(dataDir), folder).startsWith('..'))
    throw new BackupError(
      `--to: ${folder} is inside of DATA_DIR, which the backup is of: name another folder`,
    );
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0)
    throw new BackupError(
      `--to: ${folder} is not empty: each backup has a folder of its own, name a new one`,
    );
  await mkdir(dirname(folder), { recursive: true });
};

/** Of backups into the same folder that were killed. */
const removeUnfinished = async (folder: string): Promise<void> => {
  const start = `${basename(folder)}.partial-`;
  for (const name of await readdir(dirname(folder))) {
    const pid = name.startsWith(start) ? Number(name.slice(start.length)) : 0;
    if (pid > 0 && !isAlive(pid)) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
};

const writeAll = async (folder: string, options: BackupOptions): Promise<Backup> => {
  const { url, dataDir, version, onStart } = options;
  const snapshot = await openSnapshot(url);
  try {
    const createdAt = new Date().toISOString();
    onStart?.(snapshot.rows);
    const tables = await writeTables(folder, snapshot, options);
    // After the snapshot, so that all that its rows name is there.
    const files = await writeFiles(folder, dataDir);
    const { migrations, sequences, leftOut } = snapshot;
    const manifest: Manifest = {
      format: 1,
      lockstep: version,
      createdAt,
      migrations,
      tables,
      sequences,
      files,
    };
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    const hash = sha256(text);
    await writeFile(join(folder, MANIFEST_SUM), `${hash}  ${MANIFEST}\n`, { mode: 0o600 });
    await writeFile(join(folder, MANIFEST), text, { mode: 0o600 });
    for (const name of [MANIFEST_SUM, MANIFEST]) await sync(join(folder, name));
    for (const path of [FILES, 'tables', '.'])
      if (existsSync(join(folder, path))) await sync(join(folder, path));
    const bytes = [...tables, ...files].reduce((sum, part) => sum + part.bytes, 0);
    return { manifest, sha256: hash, bytes, leftOut };
  } finally {
    await snapshot.close();
  }
};

const writeTables = async (
  folder: string,
  snapshot: Snapshot,
  { onRows = () => {}, signal }: BackupOptions,
): Promise<TablePart[]> => {
  const parts = new Map<string, TablePart>();
  await inLanes(snapshot.readers, snapshot.tables, async (reader, table) => {
    const path = `tables/${table.name}.copy.gz`;
    const counter = countRows(onRows);
    const { stream, result } = hashing();
    await pipeline(
      copyOut(reader, table),
      counter,
      createGzip({ level: LEVEL, chunkSize: 1 << 16 }),
      stream,
      createWriteStream(join(folder, path), { mode: 0o600 }),
      { signal },
    );
    await sync(join(folder, path));
    parts.set(table.name, { ...table, path, ...result(), rows: counter.rows });
  });
  return snapshot.tables.map(({ name }) => parts.get(name) as TablePart);
};

const writeFiles = async (folder: string, dataDir: string): Promise<Part[]> => {
  const parts: Part[] = [];
  for (const name of await listFiles(dataDir)) {
    const path = `${FILES}/${name}`;
    const copied = await copyFile(join(dataDir, name), join(folder, path));
    if (copied) parts.push({ path, ...copied });
  }
  return parts;
};
