import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { authSecret } from '../src/secret.ts';
import { SettingsError } from '../src/settings.ts';

let DATA_DIR: string;
let file: string;
beforeEach(() => {
  DATA_DIR = mkdtempSync(join(tmpdir(), 'lockstep-secret-'));
  file = join(DATA_DIR, 'auth-secret');
});
afterEach(() => rmSync(DATA_DIR, { recursive: true, force: true }));

const secret = (AUTH_SECRET: string | null = null) => authSecret({ AUTH_SECRET, DATA_DIR });
const fault = (dataDir = DATA_DIR): string => {
  try {
    authSecret({ AUTH_SECRET: null, DATA_DIR: dataDir });
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

test('is made once, for its owner only, and is the same from then on', () => {
  const made = secret();
  expect(made).toMatch(/^[\w-]{43}$/);
  expect(secret()).toBe(made);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  // As an editor leaves it.
  writeFileSync(file, `${made}\n`);
  expect(secret()).toBe(made);
});

test('is that of the settings where there is one: no file is made or read', () => {
  mkdirSync(file);
  expect(secret('only-for-tests-only-for-tests-only-for-tests')).toBe(
    'only-for-tests-only-for-tests-only-for-tests',
  );
});

test.each([
  ['empty', ''],
  ['cut off', 'x'.repeat(31)],
  ['overwritten with zeros', '\0'.repeat(43)],
  ['another file', `${'x'.repeat(20)} ${'y'.repeat(22)}`],
  ['two of them', `${'x'.repeat(43)}\n${'y'.repeat(43)}`],
])('damaged (%s): one line that says what to do, and it is left as it is', (_, text) => {
  writeFileSync(file, text);
  expect(fault()).toBe(
    `DATA_DIR: ${file} is damaged: put it back from a backup, or remove it, and everyone signs in again`,
  );
  expect(readFileSync(file, 'utf8')).toBe(text);
});

// Rights do not hold root back, as whom tests may run: these hold back everybody.
test.each([
  ['a folder', 'EISDIR', () => mkdirSync(file)],
  ['a link that leads nowhere', 'ELOOP', () => symlinkSync('auth-secret', file)],
] as const)('unreadable (%s): one line that names the file, the cause and what to do', (_, code, make) => {
  make();
  expect(fault()).toBe(
    `DATA_DIR: ${file} cannot be used (${code}): make it readable by the user that runs Lockstep, or set AUTH_SECRET`,
  );
});

test('a data directory that cannot be made is told in the same way', () => {
  writeFileSync(file, 'a file');
  expect(fault(join(file, 'below'))).toContain(
    `${join(file, 'below', 'auth-secret')} cannot be used (ENOTDIR)`,
  );
});
