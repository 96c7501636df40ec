import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Whether a process with this pid is alive, of any user. A zombie is not. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return statOf(pid)[0] !== 'Z';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * The command line of a running process, or '' if unknown. A pid alone is not enough: after a reboot or in a new
 * container, the same pid is another program.
 */
export const commandOf = (pid: number): string => {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  return process.platform === 'win32' ? '' : commandByPs(pid);
};

/** The same where there is no /proc, as on a Mac. */
export const commandByPs = (pid: number): string =>
  spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? '';

/**
 * Whether the process is alive and its command line has this word. If command lines cannot be read: whether it is
 * alive.
 */
export const isRunning = (pid: number, word: string): boolean =>
  isAlive(pid) && (process.platform === 'win32' || commandOf(pid).includes(word));

/**
 * When the process began, in ticks since boot; '' if unknown (no /proc). With it a pid that was given to another
 * program of the same name is recognised.
 */
export const startOf = (pid: number): string => statOf(pid)[19] ?? '';

/** The fields of /proc/<pid>/stat from the state on, the third: what stands before, the name, may hold anything. */
const statOf = (pid: number): string[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
};

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
