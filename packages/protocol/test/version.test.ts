import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { OLDEST_VERSION, PROTOCOL_VERSION } from '../src/index.ts';

/**
 * Any change of the wire turns this red: a forced decision (the idea is rocicorp/mono's).
 * - Does it say something that a tab loaded before the upgrade does not know, and shows as "Update to see this"? Raise
 *   PROTOCOL_VERSION.
 * - Would that tab misread it, or be misread? Raise OLDEST_VERSION as well: it loads itself anew.
 * - Otherwise only renew the hash.
 */
const KNOWN = { version: 4, oldest: 3, hash: '55408fea2f8c7b14' };

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
  expect({
    version: PROTOCOL_VERSION,
    oldest: OLDEST_VERSION,
    hash: hash.digest('hex').slice(0, 16),
  }).toEqual(KNOWN);
});
