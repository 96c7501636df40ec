import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal. Codes are 192 random bits, so a slow hash would add nothing. */
export const hashCode = (code: string): string => createHash('sha256').update(code).digest('hex');
