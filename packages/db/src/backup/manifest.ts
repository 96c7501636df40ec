import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { BackupError } from './fault.ts';
import type { AppliedMigration, Sequence, Table } from './tables.ts';

export const MANIFEST = 'manifest.json';
/** SHA-256 of the manifest, as `sha256sum -c` reads it. */
export const MANIFEST_SUM = 'manifest.sha256';

const FORMAT = 1;

/** A file of a backup. */
export interface Part {
  /** Below the folder of the backup, with `/`. */
  path: string;
  bytes: number;
  /** In hex. */
  sha256: string;
}

export interface TablePart extends Part, Table {
  rows: number;
}

export interface Manifest {
  format: typeof FORMAT;
  /** Version of the Lockstep that made it. */
  lockstep: string;
  /** ISO 8601, of the snapshot. */
  createdAt: string;
  /** The state of the schema. */
  migrations: AppliedMigration[];
  tables: TablePart[];
  sequences: Sequence[];
  /** Files of DATA_DIR, below `files/`. */
  files: Part[];
}

export interface ReadManifest {
  manifest: Manifest;
  /** SHA-256 of manifest.json: the name of this backup. */
  sha256: string;
}

export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

/** Throws BackupError where there is no whole backup in the folder, or one that this version cannot read. */
export const readManifest = async (folder: string): Promise<ReadManifest> => {
  const text = await readFile(join(folder, MANIFEST)).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'it has no manifest.json' : error.message;
    throw new BackupError(`${folder} is no backup (${why}): name the folder that "npm run backup" has made`);
  });
  const sum = await readFile(join(folder, MANIFEST_SUM), 'utf8').catch(() => '');
  const hash = sha256(text);
  if (sum.split(' ')[0] !== hash) throw damaged(folder, MANIFEST);
  const manifest = JSON.parse(text.toString('utf8')) as Manifest;
  if (manifest.format !== FORMAT)
    throw new BackupError(
      `The backup in ${folder} is from a newer Lockstep (${manifest.lockstep}): update Lockstep, then restore it`,
    );
  for (const { path } of [...manifest.tables, ...manifest.files])
    if (isAbsolute(path) || normalize(path).split(sep).includes('..')) throw damaged(folder, MANIFEST);
  return { manifest, sha256: hash };
};

export const damaged = (folder: string, ...files: string[]): BackupError =>
  new BackupError(
    [
      ...files.map((file) => `${join(folder, file)} is missing, or is not as it was written`),
      'This backup is damaged, and nothing is restored from it: use another one, or another copy of it',
    ].join('\n'),
  );
