#!/usr/bin/env node
/**
 * `npm test`: installs and generates what is missing, then every check and test; the last line counts them.
 * `--quick` (npm run check) is the part without a database and a browser.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './lib/prepare-test.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const quick = process.argv.includes('--quick');
const node = process.execPath;
const bin = (name) => join(root, 'node_modules', '.bin', name);
/**
 * Packages under construction, named here so that nobody takes silence for a pass: types, lint and tests of these are
 * skipped and counted as skipped. Take a name away as soon as its package is whole.
 */
const UNFINISHED = ['packages/api', 'packages/sync', 'apps/web'];

let passed = 0;
let skipped = 0;
let failed = 0;

const run = (command, args, env = {}) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

/** What git tracks at the top and one level below, without the unfinished. */
const finished = () => {
  const tracked = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean);
  return tracked.filter(
    (file) =>
      !UNFINISHED.some((name) => file.startsWith(`${name}/`)) && /\.(ts|tsx|mjs|css|json)$/.test(file),
  );
};

/** A step that counts as one. */
const check = (name, command, args) => {
  const started = Date.now();
  const ok = run(command, args) === 0;
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
};

/** A step whose tests count one by one, read from the JSON report. */
const suite = (name, command, args, report, count) => {
  rmSync(report, { force: true });
  const status = run(command, args);
  const result = existsSync(report)
    ? count(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0 };
  passed += result.passed;
  // A run that ended badly without a failed test (a crash, an empty set) has failed all the same.
  const failures = result.failed || (status !== 0 || result.passed === 0 ? 1 : 0);
  failed += failures;
  console.log(`${failures === 0 ? '✓' : '✗'} ${name}: ${result.passed} passed, ${failures} failed`);
};

prepare(root);
mkdirSync(join(root, 'test-results'), { recursive: true });

check('lint and format', bin('biome'), ['ci', ...finished()]);
const packages = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name, 'tsconfig.json')),
);
for (const config of packages.filter((file) => existsSync(join(root, file)))) {
  const folder = dirname(config);
  if (!existsSync(join(root, folder, 'src')) && folder !== 'apps/web') continue;
  if (UNFINISHED.includes(folder)) {
    skipped++;
    console.log(`- types of ${folder}: under construction, skipped`);
    continue;
  }
  check(`types of ${folder}`, bin('tsc'), ['-p', config]);
}
check('import directions', node, ['--import', 'tsx', 'scripts/check-imports.ts']);

const vitestReport = join(root, 'test-results', 'vitest.json');
suite(
  'vitest',
  bin('vitest'),
  [
    'run',
    ...(quick ? ['packages/protocol'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
  ],
  vitestReport,
  (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
);

console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
