import { createHash, createHmac } from 'node:crypto';
import type { AuditEntry } from '@lockstep/protocol';

/** The previous hash of the first row. */
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

/** The owner of the database does not have this key and so cannot forge rows. */
export interface AuditKey {
  /** Names the key in the rows that were hashed with it. */
  id: string;
  secret: string;
}

export const auditKeyOf = (secret: string): AuditKey => {
  const own = createHmac('sha256', secret).update('lockstep audit log').digest('hex');
  return { id: sha256(own).slice(0, 8), secret: own };
};

/** How rows are hashed from now on. */
export const AUDIT_VERSION = 2;

/**
 * The hash of a row over all its fields, including its number and the hash of the previous row. Version 1, for rows
 * written before there was a key, is plain SHA-256. Null if another key is needed.
 */
export const hashOf = (
  { hash: _, ...row }: Omit<AuditEntry, 'hash'> & { hash?: string },
  key: AuditKey | null = null,
): string | null => {
  const { version = 1, key: keyId = null, ...fields } = row;
  if (version === 1 && keyId === null) return sha256(canonical(fields));
  if (version !== AUDIT_VERSION || keyId === null) return '';
  return keyId === key?.id ? createHmac('sha256', key.secret).update(canonical(row)).digest('hex') : null;
};
