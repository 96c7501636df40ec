#!/usr/bin/env node
/**
 * `npm run build`: all that `npm start` would install and build, so that a start of this version takes seconds. For an
 * upgrade in a folder of its own, while the earlier version still serves (docs/running.md).
 */
import { loadEnvFile } from './lib/env-file.mjs';
import { root } from './lib/files.mjs';
import { readFlags } from './lib/flags.mjs';
import { install } from './lib/install.mjs';
import { nodeFault } from './lib/node-version.mjs';
import { build, bundle, generate } from './lib/prepare.mjs';
import { interrupt } from './lib/run.mjs';
import { servingFromHere } from './lib/serving.mjs';
import { printFault, StartError, step } from './lib/steps.mjs';

const USAGE = `Usage: npm run build     installs and builds what npm start would, and starts nothing

Not in a folder from which Lockstep runs: docs/running.md says how to upgrade.`;

const fault = nodeFault();
if (fault) {
  console.error(fault);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    interrupt();
    process.exit(1);
  });

try {
  if (!readFlags({ options: {} })) {
    console.log(USAGE);
    process.exit();
  }
  const pid = servingFromHere();
  if (pid)
    throw new StartError(
      `Lockstep runs from this folder (process ${pid}), and would miss files while they are built: build the new version in a folder of its own (docs/running.md), or stop it first`,
    );
  process.chdir(root);
  loadEnvFile();
  await step('install', install);
  await step('generate', generate);
  await step('server', bundle);
  await step('build', build);
  console.log('Everything is built.');
} catch (error) {
  printFault(error, USAGE);
  process.exitCode = 1;
}
