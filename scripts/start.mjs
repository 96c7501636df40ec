#!/usr/bin/env node
/**
 * `npm start`: from a fresh clone to a running chat, and to a stop that leaves everything clean. Plain Node until packages
 * and database client are there; the rest is scripts/lib/launch.ts. Flags: `--dev` (hot reload), `--demo` (people to try).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/files.mjs';
import { install } from './lib/install.mjs';
import { nodeFault } from './lib/node-version.mjs';
import { generate } from './lib/prepare.mjs';
import { interrupt } from './lib/run.mjs';
import { printFault, step } from './lib/steps.mjs';

const fault = nodeFault();
if (fault) {
  console.error(fault);
  process.exit(1);
}

/** npm passes a Ctrl-C on that we have already got from the terminal: within this, two are one. */
const SAME_MS = 1_000;
const stop = new AbortController();
let askedAt = 0;
const ask = () => {
  if (askedAt && Date.now() - askedAt > SAME_MS) {
    console.error('Still stopping: the data is being written.');
    return;
  }
  askedAt ||= Date.now();
  stop.abort();
  interrupt();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask);
// An npm that is killed cannot pass that on; then our parent changes.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === parent || ask(), 500).unref();

const started = performance.now();
try {
  process.chdir(root);
  if (existsSync(join(root, '.env'))) process.loadEnvFile('.env');
  await step('install', install);
  await step('generate', generate);
  const { register } = await import('tsx/esm/api');
  register();
  const { launch } = await import('./lib/launch.ts');
  const flags = process.argv.slice(2);
  await launch({
    dev: flags.includes('--dev'),
    demo: flags.includes('--demo'),
    signal: stop.signal,
    started,
  });
} catch (error) {
  if (!stop.signal.aborted) {
    printFault(error);
    process.exitCode = 1;
  }
}
process.exit();
