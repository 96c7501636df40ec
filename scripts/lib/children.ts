import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './files.mjs';

const LOG_BYTES = 10 * 1024 * 1024;
/** A process that has not stopped by itself after this is killed. */
const PATIENCE_MS = 10_000;

export interface Program {
  name: 'web' | 'worker';
  folder: string;
  file: string;
  /** Arguments for Node, before the file. */
  flags?: string[];
}

export interface Child {
  name: Program['name'];
  process: ChildProcess;
  log: string | null;
}

/**
 * Starts a program of the product with tsx. It has a process group of its own, so that a Ctrl-C of the terminal
 * reaches only us and the order of stopping is ours. What it prints goes to its log below `logs`, or to our terminal.
 */
export const startProgram = (program: Program, env: NodeJS.ProcessEnv, logs: string | null): Child => {
  const log = logs && join(logs, `${program.name}.log`);
  const output = log ? openLog(log) : 'inherit';
  const child = spawn(
    process.execPath,
    [
      ...(program.flags ?? []),
      ...['--import', 'tsx', '--import', pathToFileURL(join(root, 'scripts/lib/with-parent.mjs')).href],
      program.file,
    ],
    { cwd: join(root, program.folder), env, stdio: ['ignore', output, output, 'ipc'], detached: true },
  );
  if (typeof output === 'number') closeSync(output);
  return { name: program.name, process: child, log };
};

/** Resolves with how it ended, in words. */
export const ended = async ({ process: child }: Child): Promise<string> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode ? `was ended by ${child.signalCode}` : `ended with exit code ${child.exitCode}`;
};

/** Asks it to stop, and waits. */
export const stopChild = async (child: Child): Promise<void> => {
  if (child.process.exitCode !== null || child.process.signalCode !== null) return;
  child.process.kill('SIGTERM');
  const hard = setTimeout(() => child.process.kill('SIGKILL'), PATIENCE_MS);
  await ended(child);
  clearTimeout(hard);
};

/** What it said last, for the person who reads why it ended. */
export const lastWords = ({ log }: Child): string => {
  if (!log) return '';
  const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-12);
  return `${lines.join('\n')}\n`;
};

const openLog = (file: string): number => {
  mkdirSync(dirname(file), { recursive: true });
  const large = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES;
  return openSync(file, large ? 'w' : 'a', 0o600);
};
