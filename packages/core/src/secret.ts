import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Settings, SettingsError } from './settings.ts';

/**
 * The key that signs session cookies: AUTH_SECRET, or a key created once and stored in DATA_DIR, readable only by its
 * owner. Throws SettingsError if that file cannot be created or read, or is damaged.
 */
export const authSecret = ({ AUTH_SECRET, DATA_DIR }: Pick<Settings, 'AUTH_SECRET' | 'DATA_DIR'>): string => {
  if (AUTH_SECRET) return AUTH_SECRET;
  const file = join(DATA_DIR, 'auth-secret');
  try {
    mkdirSync(DATA_DIR, { recursive: true });
    try {
      // `wx`: if two processes start at once, one creates the file and both read it.
      writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const secret = readFileSync(file, 'utf8').trim();
    if (/^[\w-]{32,}$/.test(secret)) return secret;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsError(
      `DATA_DIR: ${file} cannot be used (${code}): make it readable by the user that runs Lockstep, or set AUTH_SECRET`,
    );
  }
  throw new SettingsError(
    `DATA_DIR: ${file} is damaged: put it back from a backup, or remove it, and everyone signs in again`,
  );
};
