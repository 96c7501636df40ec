import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Settings } from '@lockstep/core/settings';
import { failureOf } from '@lockstep/db';
import { backUp, checkDataDir, openBackup, restoreBackup, verifyBackup } from '@lockstep/db/backup';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';
import { root } from '../lib/files.mjs';
import { lockData } from '../lib/lock.ts';
import { reachPostgres } from '../lib/reach.ts';
import { StartError } from '../lib/steps.mjs';
import { openWorkspaceDatabase } from '../lib/workspace.ts';
import { countedRows, progressOf } from './progress.ts';

export type Print = (line: string) => void;

export interface Options {
  settings: Settings;
  signal: AbortSignal;
  print: Print;
}

const count = new Intl.NumberFormat('en');
const megabytes = (bytes: number) => `${count.format(Math.ceil(bytes / 1e6))} MB`;
const filesOf = (n: number) => `${count.format(n)} ${n === 1 ? 'file' : 'files'}`;
const seconds = (began: number) => `${((performance.now() - began) / 1000).toFixed(1)} s`;

/** npm runs scripts in the repository; a relative folder is meant from where the command was typed. */
export const typed = (folder: string): string => resolve(process.env.INIT_CWD ?? '.', folder);

const lockstepVersion = (): string => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

/** `npm run backup`. Throws StartError, as do the others here. */
export const makeBackup = async (
  to: string | undefined,
  { settings, signal, print }: Options,
): Promise<void> => {
  const began = performance.now();
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const folder = to === undefined ? join(root, 'backups', stamp) : typed(to);
  const database = await openWorkspaceDatabase(settings);
  const rows = countedRows();
  try {
    const backup = await asOneLine(folder, () =>
      backUp({
        url: database.url,
        dataDir: settings.DATA_DIR,
        folder,
        version: lockstepVersion(),
        ...rows,
        signal,
      }),
    );
    rows.stop();
    const { tables, files } = backup.manifest;
    const all = tables.reduce((sum, table) => sum + table.rows, 0);
    print(
      `${folder}: ${count.format(all)} rows and ${filesOf(files.length)} in ${megabytes(backup.bytes)}, ${seconds(began)}`,
    );
    print(`The SHA-256 of its manifest.json is ${backup.sha256}`);
    for (const name of backup.leftOut) print(`Left out: the table ${name}, which is not of Lockstep`);
    print('It has all messages and secrets: keep it as safe as the workspace, on another machine.');
    if (settings.AUTH_SECRET)
      print('AUTH_SECRET is a setting and not in it: keep that too, as sessions and the audit log need it.');
  } finally {
    rows.stop();
    await database.close();
  }
};

/** `--verify`: reads files only. */
export const checkBackup = async (
  from: string,
  { signal, print }: Omit<Options, 'settings'>,
): Promise<void> => {
  const folder = typed(from);
  const { manifest, sha256 } = await asOneLine(folder, () =>
    verified(signal, (options) => verifyBackup(folder, options)),
  );
  print(
    `${folder} is whole: each file is as its manifest says. Made ${manifest.createdAt} by Lockstep ${manifest.lockstep}.`,
  );
  print(`The SHA-256 of its manifest.json is ${sha256}`);
};

const verified = async <T>(
  signal: AbortSignal,
  work: (options: {
    onStart(bytes: number): void;
    onBytes(bytes: number): void;
    signal: AbortSignal;
  }) => Promise<T>,
): Promise<T> => {
  const progress = progressOf('MB checked');
  try {
    return await work({
      onStart: (bytes) => progress.start(bytes / 1e6),
      onBytes: (bytes) => progress.advance(bytes / 1e6),
      signal,
    });
  } finally {
    progress.stop();
  }
};

/** `npm run restore`. */
export const restoreFrom = async (from: string, { settings, signal, print }: Options): Promise<void> => {
  const began = performance.now();
  const folder = typed(from);
  const { DATA_DIR, DATABASE_URL } = settings;
  const backup = await asOneLine(folder, () => verified(signal, (options) => openBackup(folder, options)));
  const { tables, files, createdAt } = backup.manifest;
  await asOneLine(DATA_DIR, () => checkDataDir(backup, DATA_DIR));
  const all = tables.reduce((sum, table) => sum + table.rows, 0);
  const rows = countedRows();
  const lock = lockData(DATA_DIR, '', 'restore.ts');
  try {
    await onTarget({ url: DATABASE_URL, dataDir: DATA_DIR }, async (url) => {
      rows.onStart(all);
      const { onRows } = rows;
      await asOneLine(DATA_DIR, () => restoreBackup(backup, { url, dataDir: DATA_DIR, onRows, signal }));
    });
  } finally {
    rows.stop();
    lock.release();
  }
  print(
    `Restored ${count.format(all)} rows and ${filesOf(files.length)}, as they were ${createdAt}, in ${seconds(began)}.`,
  );
  const hasSecret = files.some(({ path }) => path === 'files/auth-secret');
  if (hasSecret && settings.AUTH_SECRET)
    print(
      'AUTH_SECRET is set, and is used in place of the one in the backup: if it is another, everyone signs in again.',
    );
  if (!hasSecret && !settings.AUTH_SECRET)
    print('The backup was made with AUTH_SECRET as a setting: set the same, or everyone signs in again.');
  print('"npm start" starts it. Devices fetch everything again, and send what they had not sent yet.');
};

/**
 * Runs `work` on the database of this address, else on the embedded one of a data directory, which is started for it
 * and stopped. Lockstep must not be using it: the caller holds the lock. `setting` is where the address comes from.
 */
export const onTarget = async (
  { url, dataDir, setting }: { url: string | null; dataDir: string; setting?: string },
  work: (url: string) => Promise<void>,
): Promise<void> => {
  if (url) {
    await reachPostgres(url, setting ? { setting } : {});
    return work(url);
  }
  const embedded = await startEmbeddedPostgres({ dataDir }).catch((error: Error) => {
    throw new StartError(error.message, { cause: error });
  });
  await work(embedded.url).finally(() => embedded.stop());
};

/** Faults that a person can mend as one line: what is wrong with a backup, a full disk, a database that goes away. */
export const asOneLine = async <T>(where: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const { name, code, message, path } = error as NodeJS.ErrnoException;
    if (name === 'BackupError' || name === 'SchemaError') throw new StartError(message, { cause: error });
    if (code === 'ENOSPC')
      throw new StartError(`The disk of ${where} is full: make room, and give the command again`);
    if (code === '53100')
      throw new StartError('The disk of the database is full: make room, and give the command again');
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw new StartError(`${path ?? where} cannot be read or written by this user (${code})`, {
        cause: error,
      });
    if (name !== 'AbortError' && failureOf(error) === 'connection')
      throw new StartError(`The database has stopped answering (${message}): give the command again`, {
        cause: error,
      });
    throw error;
  }
};
