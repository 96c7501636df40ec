import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { checkFiles, FILES, placeFiles } from './files.ts';
import { type LoadOptions, load } from './load.ts';
import type { Manifest, Part, ReadManifest, TablePart } from './manifest.ts';
import { type VerifyOptions, verifyBackup } from './verify.ts';
import { checkVersion } from './version.ts';

export interface OpenBackup extends ReadManifest {
  folder: string;
}

/**
 * Checks that a backup is whole and that this version can restore it: an earlier one yes, a newer one not. Throws
 * BackupError.
 */
export const openBackup = async (folder: string, options: VerifyOptions = {}): Promise<OpenBackup> => {
  const read = await verifyBackup(folder, options);
  await checkVersion(`The backup in ${folder}`, read.manifest.migrations);
  return { folder, ...read };
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
