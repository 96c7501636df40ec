import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, isRunning, startOf } from '@lockstep/db/embedded';
import { StartError } from './steps.mjs';

/** A process, told from a later one of the same number by when it began ('' where that is not known). */
interface ProcessId {
  pid: number;
  began: string;
}

interface Holder {
  pid: number;
  url: string;
  /** The file of the program; `start.mjs` where it is left out. */
  program?: string;
  /** When the process began. Like the three below not in files of earlier versions. */
  began?: string;
  /** The data directory, by path and by file system: a copy of the file holds nothing, a renamed directory is still held. */
  home?: string;
  folder?: string;
  /** The processes that it has started and that end with it. */
  children?: ProcessId[];
}

export interface Lock {
  /** Those that a start which was killed has left: they are about to end by themselves. */
  leftBehind: ProcessId[];
  /** Notes what the next start has to wait for, should we be killed. */
  note(pids: number[]): void;
  release(): void;
}

/**
 * Takes the data directory for this process. Throws StartError when another start that is still running holds it; what
 * a killed one left behind is taken over. `program` is the file of a program that is not the start of the product.
 */
export const lockData = (dataDir: string, url: string, program?: string): Lock => {
  const file = join(dataDir, 'start.lock');
  const ownLines = (children: ProcessId[]): string => {
    const { pid } = process;
    const by = { pid, url, ...(program ? { program } : {}), began: startOf(pid) };
    return JSON.stringify({ ...by, ...whereIs(dataDir), children } satisfies Holder);
  };
  try {
    mkdirSync(dataDir, { recursive: true });
    const leftBehind = take(file, ownLines([]), dataDir);
    return {
      leftBehind,
      note: (pids) => {
        if (readHolder(file)?.pid === process.pid)
          replace(file, ownLines(pids.map((pid) => ({ pid, began: startOf(pid) }))));
      },
      release: () => {
        if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
      },
    };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    if (name === 'StartError') throw error;
    throw new StartError(
      code === 'ENOSPC'
        ? `DATA_DIR: the disk of ${dataDir} is full: make room, then start again`
        : `DATA_DIR: ${dataDir} cannot be written (${code}): start as its owner, or set another folder`,
    );
  }
};

const take = (file: string, ownLines: string, dataDir: string): ProcessId[] => {
  try {
    writeFileSync(file, ownLines, { flag: 'wx' });
    return [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = readHolder(file);
    if (holder && isHeld(holder, dataDir)) {
      const what = holder.program
        ? `"npm run ${holder.program.split('.')[0]}" works on it`
        : `Lockstep runs at ${holder.url}`;
      throw new StartError(
        `${dataDir} is in use: ${what} (process ${holder.pid}). Stop it first, or set DATA_DIR to another folder`,
      );
    }
    replace(file, ownLines);
    return holder?.children && isOf(holder, dataDir) ? holder.children.filter(lives) : [];
  }
};

/** Written beside and renamed, so that nobody reads half a file. */
const replace = (file: string, text: string): void => {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
};

const lives = ({ pid, began }: ProcessId): boolean => isAlive(pid) && began !== '' && began === startOf(pid);

const isHeld = (holder: Holder, dataDir: string): boolean => {
  const { pid, began, program = 'start.mjs' } = holder;
  return isRunning(pid, program) && (!began || began === startOf(pid)) && isOf(holder, dataDir);
};

const isOf = ({ home, folder }: Holder, dataDir: string): boolean => {
  const here = whereIs(dataDir);
  return home === undefined || home === here.home || folder === here.folder;
};

const whereIs = (dataDir: string) => {
  const { dev, ino } = statSync(dataDir);
  return { home: realpathSync(dataDir), folder: `${dev} ${ino}` };
};

const readHolder = (file: string): Holder | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
};

/** How long a process that lost its parent may take to stop by itself. */
const STOP_MS = 12_000;

/** Waits until these have ended; those that do not in time are killed. */
export const endLeftBehind = async (processes: ProcessId[]): Promise<void> => {
  const until = Date.now() + STOP_MS;
  for (const one of processes)
    while (lives(one)) {
      if (Date.now() > until) process.kill(one.pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
};
