import { createHash } from 'node:crypto';

/** Namespace of our own for UUIDv5 (RFC 9562, 5.5). */
const NAMESPACE = Buffer.from('6c1f2f0e5d0a4d0b9a0e8f2f6c6f636b', 'hex');

/** UUIDv5 of a name. */
export const uuidv5 = (name: string): string => {
  const hash = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** Id of the one-to-one conversation of two people, the same from both sides; of notes to oneself when `a` is `b` (docs/adr/0003). */
export const directId = (a: string, b: string): string => uuidv5([a, b].sort().join(' '));
