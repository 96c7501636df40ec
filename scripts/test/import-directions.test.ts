import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkImports } from '../lib/import-directions.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-imports-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const plant = (file: string, code: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), code);
};

const CLIENT = "'use client';\n\n";

it.each([
  ['packages/sync/src/a.ts', "import { createDb } from '@lockstep/db';"],
  ['packages/protocol/src/a.ts', "import pg from 'pg';"],
  ['packages/core/src/a.ts', "import { PrismaClient } from '@prisma/client';"],
  ['packages/db/src/a.ts', "export * from '@lockstep/core';"],
  ['packages/api/src/a.ts', "import { x } from '../../core/src/index.ts';"],
  ['packages/core/src/a.ts', "const x = await import('@lockstep/realtime');"],
  ['packages/core/src/a.ts', "import { testDatabase } from '@lockstep/testing';"],
  ['packages/search/src/device/index.ts', "import { createDb } from '@lockstep/db';"],
  ['apps/web/components/a.tsx', "import { appRouter } from '@lockstep/api';"],
  ['apps/web/components/a.tsx', "import { actions } from '@lockstep/core';"],
  ['apps/web/components/a.tsx', "import type { Core } from '@lockstep/core';"],
  ['apps/web/components/a.tsx', "import { Searcher } from '@lockstep/search';"],
  ['apps/web/app/page.tsx', "import { actions } from '@lockstep/core';"],
  ['apps/web/components/a.tsx', "import { createBackend } from '@/server/backend.ts';"],
  ['apps/web/lib/a.ts', "import type { Backend } from '../server/backend.ts';"],
  ['apps/web/lib/a.ts', "import { currentMe } from '../server/pages.ts';"],
  ['apps/web/app/page.tsx', "import { createBackend } from '@/server/backend.ts';"],
  ['apps/web/app/error.tsx', `${CLIENT}import { currentMe } from '@/server/pages.ts';`],
  ['apps/web/components/a.tsx', "import Page from '@/app/page.tsx';"],
  ['apps/web/components/search/a.tsx', "import { Sidebar } from '../shell/sidebar.tsx';"],
  ['packages/core/package.json', '{ "exports": { ".": "./src/index.ts", "./*": "./src/*.ts" } }'],
])('a planted violation is found: %s: %s', (file, code) => {
  plant(file, code);
  expect(checkImports(root).violations).toHaveLength(1);
});

it.each([
  ['packages/api/src/a.ts', "import { sendMessage } from '@lockstep/core';"],
  ['packages/db/test/a.test.ts', "import { testDatabase } from '@lockstep/testing/cluster';"],
  ['packages/search/src/a.ts', "import { createDb } from '@lockstep/db';"],
  ['apps/web/lib/api.ts', "import type { AppRouter } from '@lockstep/api';"],
  ['apps/web/lib/a.ts', "import { termOf } from '@lockstep/search/device';"],
  ['apps/web/server/a.ts', "import { actions } from '@lockstep/core';"],
  ['apps/web/server/a.ts', "import { LOCALES } from '../i18n/locales.ts';"],
  ['apps/web/app/page.tsx', "import { currentMe } from '@/server/pages.ts';"],
  ['apps/web/app/page.tsx', "import { AppBoot } from '@/components/shell/app-boot.tsx';"],
])('what the table allows passes: %s: %s', (file, code) => {
  plant(file, code);
  expect(checkImports(root)).toEqual({ files: 1, violations: [] });
});

it.each([
  'packages/core/src',
  'packages/db/src',
  'packages/protocol/src/markup',
  'packages/realtime/src',
  'packages/sync/src/pending',
  'apps/worker/src',
  'scripts/lib',
  'e2e',
  'bench',
])('a circle of files is found in %s, types too, and a chain is none', (folder) => {
  plant(`${folder}/a.ts`, "import type { B } from './b.ts';");
  plant(`${folder}/b.ts`, "import { c } from './c.ts';");
  plant(`${folder}/c.ts`, '');
  expect(checkImports(root).violations).toEqual([]);
  plant(`${folder}/c.ts`, "export { a } from './a.ts';");
  const [circle, ...more] = checkImports(root).violations;
  expect(circle).toContain(`${folder}/a.ts, ${folder}/b.ts, ${folder}/c.ts`);
  expect(more).toEqual([]);
});

it('a circle is found between rooms of apps/web', () => {
  plant('apps/web/lib/a.ts', '');
  plant('apps/web/server/b.ts', "import type { A } from '@/lib/a.ts';");
  expect(checkImports(root).violations).toEqual([]);
  plant('apps/web/lib/a.ts', "import type { B } from '../server/b.ts';");
  expect(checkImports(root).violations).toContainEqual(
    expect.stringContaining('apps/web/lib/a.ts, apps/web/server/b.ts: import one another in a circle'),
  );
});

it('what devices load of the search is followed through its files', () => {
  plant('packages/search/src/device/index.ts', "export * from '../query/fits.ts';");
  plant('packages/search/src/query/fits.ts', "import { fold } from '../text/fold.ts';");
  plant('packages/search/src/text/fold.ts', '');
  expect(checkImports(root).violations).toEqual([]);
  plant('packages/search/src/text/fold.ts', "import { createDb } from '@lockstep/db';");
  expect(checkImports(root).violations).toHaveLength(1);
});

it('the repository itself keeps the directions, and is not an empty set', () => {
  const result = checkImports(fileURLToPath(new URL('../../', import.meta.url)));
  expect(result.violations).toEqual([]);
  expect(result.files).toBeGreaterThan(10);
});

it('fuzzing reaches into packages, and nothing else of the kit does', () => {
  const code = "import { parseLine } from '../../../../scripts/import/irc-line.ts';";
  plant('packages/testing/src/fuzz/a.ts', code);
  expect(checkImports(root).violations).toEqual([]);
  plant('packages/testing/src/sim/a.ts', code);
  expect(checkImports(root).violations).toHaveLength(1);
});
