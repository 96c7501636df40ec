import { spawn } from 'node:child_process';
import { root } from './files.mjs';
import { StartError } from './steps.mjs';

/** What a failed command said last, in lines: enough to see why. */
const TAIL = 25;

let running = null;

/** Ends what `runNode` is running, since a SIGTERM reaches only us. */
export const interrupt = () => running?.kill('SIGTERM');

/**
 * Runs a Node program to its end, quietly: what it prints is shown only when it fails. Ctrl-C reaches it too, since it
 * is in our process group. Throws StartError.
 */
export const runNode = (what, args, env = {}) =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running = child;
    const lines = [];
    const keep = (chunk) => {
      lines.push(...String(chunk).split('\n'));
      lines.splice(0, Math.max(0, lines.length - TAIL));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', fail);
    child.once('close', (code, signal) => {
      running = null;
      if (code === 0) return done();
      fail(
        new StartError(
          `${lines.join('\n').trim()}\n\n${what} failed (${signal ?? `exit code ${code}`}): see above`,
        ),
      );
    });
  });
