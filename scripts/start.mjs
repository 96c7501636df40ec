#!/usr/bin/env node
/**
 * `npm start`: from a fresh clone to a running chat, and to a stop that leaves everything clean. Plain Node until packages
 * and database client are there; the rest is scripts/lib/launch.ts.
 */
import { pathToFileURL } from 'node:url';
import { loadEnvFile } from './lib/env-file.mjs';
import { root } from './lib/files.mjs';
import { readFlags } from './lib/flags.mjs';
import { install } from './lib/install.mjs';
import { nodeFault } from './lib/node-version.mjs';
import { bundle, generate } from './lib/prepare.mjs';
import { bundled } from './lib/programs.mjs';
import { interrupt } from './lib/run.mjs';
import { printFault, step } from './lib/steps.mjs';

const USAGE = `Usage: npm start [-- options]     starts Lockstep; settings come from the environment and from .env
       npm run dev [-- options]   the same with hot reload

  --demo   with a workspace full of people and conversations to try`;

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
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, ask);
// Whoever read what we print is gone: a terminal that was closed, or `| head -5`.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => askedAt || ask());
// A hangup means that our terminal was closed; without a terminal it is how logrotate asks for new logs.
let reopenLogs = () => {};
const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
process.on('SIGHUP', () => (hasTerminal ? ask() : reopenLogs()));
// An npm that is killed cannot pass that on; then our parent changes.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === parent || ask(), 500).unref();

/** With hot reload everything runs from its source; else bundled, since a TypeScript loader takes 100 MB a process. */
const loadLaunch = async (dev) => {
  if (!dev) {
    await step('server', bundle);
    return import(pathToFileURL(bundled('launch')).href);
  }
  const { register } = await import('tsx/esm/api');
  register();
  return import('./lib/launch.ts');
};

const started = performance.now();
try {
  const flags = readFlags({ options: { dev: { type: 'boolean' }, demo: { type: 'boolean' } } });
  if (!flags) {
    console.log(USAGE);
    process.exit();
  }
  const { dev = false } = flags.values;
  process.chdir(root);
  loadEnvFile();
  await step('install', install);
  await step('generate', generate);
  const { launch } = await loadLaunch(dev);
  await launch({
    dev,
    demo: flags.values.demo ?? false,
    signal: stop.signal,
    started,
    onReopenLogs: (reopen) => {
      reopenLogs = reopen;
    },
  });
} catch (error) {
  if (!stop.signal.aborted) {
    printFault(error, USAGE);
    process.exitCode = 1;
  }
}
process.exit();
