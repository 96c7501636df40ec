import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './settings.ts';

/** The key that signs session cookies: AUTH_SECRET, or one that is made once and kept in DATA_DIR for its owner only. */
export const authSecret = ({ AUTH_SECRET, DATA_DIR }: Pick<Settings, 'AUTH_SECRET' | 'DATA_DIR'>): string => {
  if (AUTH_SECRET) return AUTH_SECRET;
  const file = join(DATA_DIR, 'auth-secret');
  mkdirSync(DATA_DIR, { recursive: true });
  try {
    // `wx`: of two processes that start at once, one makes it and both read it.
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length < 32) throw new Error(`${file} is damaged: remove it, and everyone signs in again.`);
  return secret;
};
