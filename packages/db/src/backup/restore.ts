import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { readMigrations } from '../migrate.ts';
import { BackupError } from './fault.ts';
import { checkFiles, FILES, placeFiles } from './files.ts';
import { type LoadOptions, load } from './load.ts';
import type { Manifest, Part, ReadManifest, TablePart } from './manifest.ts';
import { type VerifyOptions, verifyBackup } from './verify.ts';

export interface OpenBackup extends ReadManifest {
  folder: string;
}

/**
 * Checks that a backup is whole and that this version can restore it: an earlier one yes, a newer one not. Throws
 * BackupError.
 */
export const openBackup = async (folder: string, options: VerifyOptions = {}): Promise<OpenBackup> => {
  const read = await verifyBackup(folder, options);
  await checkVersion(folder, read.manifest);
  return { folder, ...read };
};

const checkVersion = async (folder: string, { migrations, lockstep }: Manifest): Promise<void> => {
  const ours = new Map((await readMigrations()).map(({ name, checksum }) => [name, checksum]));
  const newer = migrations.filter(({ name }) => !ours.has(name)).at(-1);
  if (newer)
    throw new BackupError(
      `The backup in ${folder} is from a newer Lockstep (version ${lockstep}, migration ${newer.name}): update Lockstep, then restore it`,
    );
  const other = migrations.find(({ name, checksum }) => ours.get(name) !== checksum);
  if (other)
    throw new BackupError(
      `The backup in ${folder} was made with another migration ${other.name} than this Lockstep has: restore it with the version that made it`,
    );
};

export interface RestoreOptions extends Omit<LoadOptions, 'beforeRelease'> {
  /** DATA_DIR, for the files. */
  dataDir: string;
}

/** Throws BackupError where a file of the workspace in DATA_DIR is another one than that of the backup. */
export const checkDataDir = ({ manifest }: OpenBackup, dataDir: string): Promise<void> =>
  checkFiles(dataDir, inDataDir(manifest));

const inDataDir = ({ files }: Manifest): Part[] =>
  files.map((part) => ({ ...part, path: part.path.slice(FILES.length + 1) }));

/** Restores a backup into an empty database and a folder without a workspace, or goes on with that. Throws BackupError. */
export const restoreBackup = async (
  { folder, manifest, sha256 }: OpenBackup,
  { dataDir, ...options }: RestoreOptions,
): Promise<void> => {
  const { tables, migrations, sequences } = manifest;
  const files = inDataDir(manifest);
  await checkFiles(dataDir, files);
  const open = (table: unknown) => {
    const file = createReadStream(join(folder, (table as TablePart).path), { highWaterMark: 1 << 18 });
    const rows = createGunzip({ chunkSize: 1 << 16 });
    file.on('error', (error) => rows.destroy(error));
    rows.on('close', () => file.destroy());
    return file.pipe(rows);
  };
  await load(
    { id: sha256, resumes: true, migrations, tables, sequences, open },
    { ...options, beforeRelease: () => placeFiles(join(folder, FILES), dataDir, files) },
  );
};
