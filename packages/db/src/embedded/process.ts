import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Whether a process with this id lives, be it ours or another user's. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * The command line of a living process, or '' when it cannot be told. A pid alone says little: after a reboot, or in
 * a new container, the same number is another program.
 */
export const commandOf = (pid: number): string => {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  if (process.platform === 'win32') return '';
  return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? '';
};

/** Whether the process lives and its command line has this word. Where command lines cannot be read: whether it lives. */
export const isRunning = (pid: number, word: string): boolean =>
  isAlive(pid) && (process.platform === 'win32' || commandOf(pid).includes(word));

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
