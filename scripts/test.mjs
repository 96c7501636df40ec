#!/usr/bin/env node
/**
 * `npm test`: installs, generates and builds what is missing, then every check and every test; the last line counts
 * them. `--quick` (`npm run check`) is the part without a database and a browser.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/files.mjs';
import { readFlags } from './lib/flags.mjs';
import { install } from './lib/install.mjs';
import { nodeFault } from './lib/node-version.mjs';
import { build, generate, quiet, turbo } from './lib/prepare.mjs';
import { printFault, step } from './lib/steps.mjs';
import { playwrightCount, tally, vitestCount } from './lib/tally.mjs';

/** Always the same inputs: what is new is looked for by hand (`npm run fuzz`), not in the run of somebody's change. */
const FUZZ_SEED = '1';

const module = (path) => join(root, 'node_modules', path);

const fault = nodeFault();
if (fault) {
  console.error(fault);
  process.exit(1);
}

const USAGE = `Usage: npm test           every check and every test; the last line counts them
       npm run check      the part without a database and a browser (npm test -- --quick)`;

let flags = null;
try {
  flags = readFlags({ options: { quick: { type: 'boolean' } } });
} catch (error) {
  printFault(error, USAGE);
  process.exit(1);
}
if (!flags) {
  console.log(USAGE);
  process.exit();
}
const quick = flags.values.quick ?? false;

const run = (args) =>
  spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...quiet, NODE_ENV: 'test' },
  }).status === 0;

const { check, suite, finish } = tally();
const results = join(root, 'test-results');
const vitest = (...projects) => {
  const report = join(results, 'vitest.json');
  rmSync(report, { force: true });
  const args = [...projects.flatMap((name) => ['--project', name]), '--reporter=default', '--reporter=json'];
  suite(
    'vitest',
    () => run([module('vitest/vitest.mjs'), 'run', ...args, `--outputFile.json=${report}`]),
    () => vitestCount(report),
  );
};

try {
  process.chdir(root);
  await step('install', install);
  await step('generate', generate);
  mkdirSync(results, { recursive: true });

  await check('lint and format', () =>
    run([module('@biomejs/biome/bin/biome'), 'ci', '.', ...(process.stdout.isTTY ? [] : ['--colors=off'])]),
  );
  await check('types', () => run([turbo(), 'run', 'typecheck', '--output-logs=errors-only', '--continue']));
  await check('import directions', () => run(['--import', 'tsx', 'scripts/check-imports.ts']));
  if (quick) vitest('unit');
  else {
    vitest('unit', 'integration');
    await check('fuzzing', () => run(['--import', 'tsx', 'scripts/fuzz.ts', '--short', '--seed', FUZZ_SEED]));
    await check('build', async () => {
      await step('build', build);
      return true;
    });
    const report = join(results, 'e2e.json');
    rmSync(report, { force: true });
    suite(
      'browser tests',
      () => run([module('@playwright/test/cli.js'), 'test']),
      () => playwrightCount(report),
    );
  }
} catch (error) {
  printFault(error);
  suite(
    'preparation',
    () => false,
    () => ({ passed: 0, failed: 1, skipped: 0 }),
  );
}
process.exitCode = finish() ? 0 : 1;
