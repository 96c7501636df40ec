import { createHmac, timingSafeEqual } from 'node:crypto';
import { authSecret } from './secret.ts';
import type { Settings } from './settings.ts';

/** Without letters and digits that look alike. */
const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const LENGTH = 12;

/**
 * The code required to create the first account (the admin) from another machine: `ABCD-EFGH-JKMN`. It is derived
 * from the key of the workspace, so that every process and the launcher can compute it, also after a restart.
 */
export const firstAdminCode = (secret: string): string => {
  const bytes = createHmac('sha256', secret).update('first admin').digest().subarray(0, LENGTH);
  const text = [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return text.match(/.{4}/g)?.join('-') ?? text;
};

/** For printing. */
export const firstAdminCodeOf = (settings: Pick<Settings, 'AUTH_SECRET' | 'DATA_DIR'>): string =>
  firstAdminCode(authSecret(settings));

/** Compares in constant time; ignores case, spaces and hyphens. */
export const isFirstAdminCode = (secret: string, given: string | undefined): boolean => {
  const digest = (code: string) =>
    createHmac('sha256', secret)
      .update(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))
      .digest();
  return timingSafeEqual(digest(given ?? ''), digest(firstAdminCode(secret)));
};
