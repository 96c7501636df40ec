import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { loadSettings, SETTINGS, type Settings, SettingsError } from '@lockstep/core/settings';
import { envFile, loadEnvFile } from './env-file.mjs';
import { root } from './files.mjs';
import { nearest } from './nearest.mjs';

/**
 * The settings as `npm start` takes them: from the environment and `.env`, with DATA_DIR as an absolute path, which
 * below the repository is meant from there. Throws SettingsError or StartError.
 */
export const readSettings = (overrides: NodeJS.ProcessEnv = {}): Settings => {
  loadEnvFile();
  const text = existsSync(envFile) ? readFileSync(envFile, 'utf8') : '';
  const faults = fileFaults(text);
  if (faults.length > 0) throw new SettingsError(faults.join('\n'));
  const inFile = new Set(Object.keys(parseEnv(text)));
  for (const [name, meant] of misspelt(Object.keys(process.env).filter((one) => !inFile.has(one))))
    console.error(`${name} is no setting and is ignored: did you mean ${meant}?`);
  const settings = loadSettings({ ...process.env, ...overrides });
  return { ...settings, DATA_DIR: resolve(root, settings.DATA_DIR) };
};

/** Names that stand beside settings: of docker-compose.yml, and of every environment. */
const OTHERS = [
  'POSTGRES_PASSWORD',
  'REDIS_PASSWORD',
  'MEILI_MASTER_KEY',
  'HOME',
  'HOSTNAME',
  'HOSTTYPE',
  'PATH',
  'SHELL',
];

/** Names that are no setting, each with the setting that it was probably meant to be. */
export const misspelt = (names: readonly string[]): [name: string, meant: string][] => {
  const known = Object.keys(SETTINGS);
  return names.flatMap((name): [string, string][] => {
    // Node 20 takes a comment without a line end behind it for a name.
    if (known.includes(name) || OTHERS.includes(name) || !/^\w/.test(name)) return [];
    const meant = nearest(name.toUpperCase().replaceAll('-', '_'), known);
    return meant ? [[name, meant]] : [];
  });
};

/** What is wrong with the text of a `.env`, one line each. Unlike the environment it is there for Lockstep alone. */
export const fileFaults = (text: string): string[] => [
  ...misspelt(Object.keys(parseEnv(text))).map(
    ([name, meant]) => `${name} in .env is no setting: did you mean ${meant}?`,
  ),
  // Outside of quotes a "#" begins a comment: what stands behind it would be missing without a word.
  ...[...text.matchAll(/^\s*(?:export\s+)?([A-Z_]+)\s*=\s*(?!["'`#\s])(\S*)#/gm)]
    .filter(([, name = '']) => name in SETTINGS)
    .filter(([, , value]) => value !== '')
    .map(
      ([, name]) =>
        `${name} in .env: a "#" begins a comment there: put the value in quotes (in an address write a # of a password as %23)`,
    ),
];
