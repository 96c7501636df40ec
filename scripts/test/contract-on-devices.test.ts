import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const sourcesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'test', '.next', '.turbo'].includes(entry.name)) return [];
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesBelow(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });

/** Devices would load every schema with it, those of what admins do too. */
it('what runs on devices imports only types of the contract', () => {
  const files = [...sourcesBelow('packages/sync/src'), ...sourcesBelow('apps/web')];
  expect(files.length).toBeGreaterThan(100);
  const loads = /^(?:import|export) (?!type\b)[^;]*? from '@lockstep\/protocol\/contract'/m;
  expect(files.filter((file) => loads.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  // And the root of the package does not bring it along.
  const index = readFileSync(join(root, 'packages/protocol/src/index.ts'), 'utf8');
  expect(index).not.toMatch(/^export (?!type\b)[^;]*? from '\.\/contract\//m);
});
