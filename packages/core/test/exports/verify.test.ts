import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyExport } from '@lockstep/core/exports';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chainOf, hashLine } from '../../src/exports/manifest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-verify-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

it('a line ends with a line feed alone: what else may end one elsewhere names no line beside the one that was changed', async () => {
  const lines = [
    'first',
    'one\u2028two\u2029three\u0085four\rfive\vsix',
    `long ${'é'.repeat(70_000)}`,
    'last',
  ];
  const hashes = lines.map(hashLine);
  const list = hashes.map((hash) => `${hash}\n`).join('');
  const text = `${lines.join('\n')}\n`;
  const name = 'messages.csv';
  const file = {
    name,
    bytes: 0,
    sha256: sha256(text),
    lines: lines.length,
    chain: chainOf(hashes),
    linesSha256: hashLine(list),
  };
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({ format: 'lockstep-export-1', files: [file] }),
  );
  writeFileSync(join(folder, `${name}.lines`), list);
  writeFileSync(join(folder, name), text.replace('one', 'ONE'));
  expect((await verifyExport(folder)).faults).toEqual([{ file: name, kind: 'changed', line: 2 }]);
  writeFileSync(join(folder, name), text.replace('last\n', ''));
  expect((await verifyExport(folder)).faults).toEqual([{ file: name, kind: 'removed', line: 4 }]);
});
