import { sha256 } from '@lockstep/db';
import type { AuditHead, ExportFile, ExportQuery } from '@lockstep/protocol';

export const MANIFEST = 'manifest.json';
/** Version of the format of manifest and files; changes when an older Lockstep could not check them. */
export const FORMAT = 'lockstep-export-1';
/** Beside each file, the SHA-256 of each of its lines, so that a changed line can be named. */
export const LINES = '.lines';

export interface ManifestFile extends ExportFile {
  lines: number;
  /** SHA-256 over the hashes of all lines, each with the one before: of the whole, in this order. */
  chain: string;
  /** SHA-256 of the list of the hashes of the lines. */
  linesSha256: string;
}

export interface Manifest {
  format: typeof FORMAT;
  exportId: string;
  createdAt: string;
  createdBy: { id: string; name: string };
  reason: string;
  query: ExportQuery;
  messages: number;
  files: ManifestFile[];
  /** The head of the audit log when the export was written. */
  audit: AuditHead;
}

export { sha256 as hashLine };

export const chainOf = (hashes: readonly string[]): string =>
  hashes.reduce((before, hash) => sha256(`${before}${hash}`), '0'.repeat(64));
