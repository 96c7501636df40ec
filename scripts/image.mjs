import { cpSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './lib/files.mjs';

/**
 * `node scripts/image.mjs <folder>`: copies what the built programs need to run, and nothing else, in the folders of the
 * repository. For the Dockerfile; a Node and a Postgres have to be there.
 */
const target = process.argv[2];
if (!target) throw new Error('Usage: node scripts/image.mjs <folder>');

/** Of the build of the pages: what only a later build or its author uses. */
const ONLY_FOR_BUILDS = /(^|\/)(cache|diagnostics|types|trace|trace-build|turbopack)$|\.(nft\.json|map)$/;
const next = join(root, 'apps/web/.next');

const copy = (path, filter = () => true) =>
  cpSync(join(root, path), join(target, path), { recursive: true, filter });

copy('dist', (path) => !/(launch|demo|move)\.mjs$/.test(path));
copy('scripts/lib', (path) => !path.endsWith('.ts'));
copy('prisma/migrations');
copy('apps/web/public');
copy('apps/web/.next', (path) => !ONLY_FOR_BUILDS.test(relative(next, path)));

/** All that is not bundled: Next loads its own files. What it needs only to build is left out. */
const PACKAGES = ['next', '@next/env', '@swc/helpers', 'styled-jsx', 'client-only', 'react', 'react-dom'];
const NEVER_LOADED = /\.(map|d\.ts)$|^node_modules\/next\/dist\/(docs|esm)$/;
for (const name of PACKAGES) copy(`node_modules/${name}`, (path) => !NEVER_LOADED.test(relative(root, path)));
