import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { collect } from './collect.ts';
import { root } from './files.mjs';
import type { LogFile } from './log-file.ts';
import { bundle } from './prepare.mjs';
import { bundled } from './programs.mjs';
import type { Instance } from './supervisor.ts';

/** A process that has not stopped by itself after this is killed. */
const STOP_MS = 10_000;
const OUTPUT_MS = 1_000;
/** Lines that are kept for the person who reads why a process ended. */
const LAST_LINES = 12;

export interface Program {
  folder: string;
  /** Arguments for Node: the file and what comes before it. */
  args: string[];
}

export interface Child extends Instance {
  process: ChildProcess;
  kill(): Promise<void>;
}

/** A program as production runs it, bundled anew when its source has changed. */
export const builtProgram = async (name: 'web' | 'worker'): Promise<Program> => {
  await bundle();
  return { folder: `apps/${name}`, args: [bundled(name)] };
};

/**
 * For glibc's malloc: few arenas, and what is free goes back to the system. Without these a process holds on to what
 * reading and compiling its code has taken, some 40 MB.
 */
const LEAN = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

const preload = (file: string) => ['--import', pathToFileURL(join(root, 'scripts/lib', file)).href];

/**
 * Starts a program of the product. It has a process group of its own, so that a Ctrl-C of the terminal
 * reaches only us and the order of stopping is ours. What it prints goes to the log, or to our terminal.
 */
export const startProgram = (
  name: string,
  program: Program,
  env: NodeJS.ProcessEnv,
  log: LogFile | null,
): Child => {
  const child = spawn(
    process.execPath,
    [...preload('with-parent.mjs'), ...preload('part-of-service.mjs'), ...program.args],
    {
      cwd: join(root, program.folder),
      env: { ...LEAN, ...env },
      stdio: ['ignore', log ? 'pipe' : 'inherit', log ? 'pipe' : 'inherit', 'ipc'],
      detached: true,
    },
  );
  const last: string[] = [];
  const write = (lines: string) => {
    log?.write(lines);
    last.push(...lines.trimEnd().split('\n'));
    last.splice(0, last.length - LAST_LINES);
  };
  if (child.stdout) collect(child.stdout, { part: name, level: 30, pid: child.pid }, write);
  if (child.stderr) collect(child.stderr, { part: name, level: 50, pid: child.pid }, write);
  const closed = once(child, 'close');
  const ended = once(child, 'exit').then(async () => {
    // What it said last is still on its way; what it has started may hold its output open for longer.
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, OUTPUT_MS))]);
    return child.signalCode ? endedBy(child.signalCode) : `ended with exit code ${child.exitCode}`;
  });
  return {
    process: child,
    ended,
    reason: () => [...last.map(readable), ...(log ? [`(all of it in ${log.path})`] : [])].join('\n'),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(hard);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

const endedBy = (signal: string): string =>
  signal === 'SIGKILL'
    ? 'was killed (SIGKILL: if nobody did that, the memory ran out)'
    : `was ended by ${signal}`;

/** A line of the log for a person: the message, and the error below it. */
const readable = (line: string): string => {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { stack?: string; message?: string } };
    return [msg, err?.stack ?? err?.message].filter(Boolean).join('\n');
  } catch {
    return line;
  }
};
