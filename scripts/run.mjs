#!/usr/bin/env node
/**
 * `node scripts/run.mjs <script or file> [arguments]`: runs a script of package.json (lib/commands.mjs), or a program of
 * this repository, from wherever it stands, a bare clone included: packages and database client are made when they are
 * missing, and settings come from `.env` as for `npm start`. `--help` and a mistyped option of a script are answered
 * before that. TypeScript runs with tsx. Its exit code is ours.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkCommandLine, endWith } from './lib/command-line.mjs';
import { COMMANDS } from './lib/commands.mjs';
import { loadEnvFile } from './lib/env-file.mjs';
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

/** Ctrl-C reaches the program by itself, since it is in the process group of the terminal; a `kill` reaches only us. */
const fromTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
let child;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (child && !(signal === 'SIGINT' && fromTerminal)) child.kill(signal);
    if (!child) {
      interrupt();
      process.exit(1);
    }
  });

const [name, ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : { file: name };
if (command.usage)
  try {
    if (checkCommandLine(name, args) === null) {
      console.log(command.usage);
      process.exit();
    }
  } catch (error) {
    endWith(error, command.usage);
  }
const { file, first = [] } = command;
try {
  // Relative paths on the command line are meant from where it was typed; npm says where that was.
  process.env.INIT_CWD ??= process.cwd();
  process.chdir(root);
  loadEnvFile();
  await step('install', install);
  await step('generate', generate);
} catch (error) {
  printFault(error);
  process.exit(1);
}
const withTsx = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
const withParent = ['--import', pathToFileURL(join(root, 'scripts/lib/with-parent.mjs')).href];
child = spawn(process.execPath, [...withTsx, ...withParent, file, ...first, ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
child.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});
