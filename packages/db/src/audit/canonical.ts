import { createHash } from 'node:crypto';
import type { AuditEntry } from '@lockstep/protocol';

/** Stands before the first row. */
export const GENESIS = '0'.repeat(64);

/** JSON with the keys of every object sorted and no spaces: the same value is always the same text (as in RFC 8785). */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
};

/** SHA-256, in hex. */
export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** The hash of a row: of all that it says, its number and the hash of the row before it included. */
export const hashOf = ({ hash: _, ...row }: Omit<AuditEntry, 'hash'> & { hash?: string }): string =>
  sha256(canonical(row));
