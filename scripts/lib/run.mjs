import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './files.mjs';
import { StartError } from './steps.mjs';

/** What a failed command said last, in lines: enough to see why. */
const TAIL = 25;

let running = null;

/** Ends what `runNode` is running, with everything that it has started. */
export const interrupt = () => {
  if (running?.pid && running.exitCode === null) process.kill(-running.pid, 'SIGTERM');
};

/**
 * Runs a Node program to its end, quietly: what it prints is shown only when it fails. It ends with us, also when we
 * are killed (watched.mjs). Throws StartError.
 */
export const runNode = (what, args, env = {}, cwd = root) =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, 'scripts/lib/watched.mjs'), ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    running = child;
    const lines = [];
    let outOfMemory = false;
    const keep = (chunk) => {
      // Node says so first, and a long stack after it.
      outOfMemory ||= OUT_OF_MEMORY.test(String(chunk));
      lines.push(...String(chunk).split('\n'));
      lines.splice(0, Math.max(0, lines.length - TAIL));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', fail);
    child.once('close', (code, signal) => {
      running = null;
      if (code === 0) return done();
      const text = lines.join('\n').trim();
      fail(
        new StartError(
          `${text}\n\n${what} failed (${signal ?? `exit code ${code}`}): ${reasonOf(signal, code, outOfMemory)}`,
        ),
      );
    });
  });

/** Exit code of a program that SIGKILL ended, as shells and turbo tell it. */
const KILLED = 137;

/** What the build of the web app takes at its peak, in MB, all processes together. */
const BUILD_MB = 900;

const OUT_OF_MEMORY = /SIGKILL|exit code 137|heap out of memory/;

const reasonOf = (signal, code, outOfMemory) =>
  signal === 'SIGKILL' || code === KILLED || outOfMemory
    ? `the machine has too little memory: the build takes up to ${BUILD_MB} MB. End other programs, add swap, or build on another machine (docs/running.md)`
    : 'see above';
