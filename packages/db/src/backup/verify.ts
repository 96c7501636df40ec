import { join } from 'node:path';
import { hashOf } from './files.ts';
import { damaged, type ReadManifest, readManifest } from './manifest.ts';

export interface VerifyOptions {
  /** Told about how many bytes there are, before the first is read. */
  onStart?: (bytes: number) => void;
  onBytes?: (count: number) => void;
  signal?: AbortSignal;
}

/** Reads a whole backup and compares each file with the manifest. Throws BackupError that names the damaged ones. */
export const verifyBackup = async (
  folder: string,
  { onStart, onBytes, signal }: VerifyOptions = {},
): Promise<ReadManifest> => {
  const read = await readManifest(folder);
  const parts = [...read.manifest.tables, ...read.manifest.files];
  onStart?.(parts.reduce((sum, { bytes }) => sum + bytes, 0));
  const faults: string[] = [];
  for (const { path, bytes, sha256 } of parts) {
    if ((await hashOf(join(folder, path), signal))?.sha256 !== sha256) faults.push(path);
    onBytes?.(bytes);
  }
  if (faults.length > 0) throw damaged(folder, ...faults);
  return read;
};
