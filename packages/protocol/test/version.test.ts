import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../src/index.ts';

/**
 * Any change of the wire turns this red: a forced decision (the idea is rocicorp/mono's). Would a browser tab that was
 * loaded before the upgrade misread the new wire? Then raise PROTOCOL_VERSION too. Otherwise only renew the hash.
 */
const KNOWN = { version: 3, hash: 'b25a6ee28bd43826' };

it('a change of the wire is a decision', () => {
  const folder = fileURLToPath(new URL('../src/', import.meta.url));
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // How texts are read, and who may, is no part of it.
    .filter((file) => file.endsWith('.ts') && !/^(markup|rules)/.test(file))
    .map((file) => file.replaceAll(sep, '/'));
  for (const file of files.sort()) {
    const code = readFileSync(folder + file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/\s+/g, '');
    hash.update(`${file}\n${code}\n`);
  }
  expect({ version: PROTOCOL_VERSION, hash: hash.digest('hex').slice(0, 16) }).toEqual(KNOWN);
});
