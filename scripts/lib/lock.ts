import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '@lockstep/db/embedded';
import { StartError } from './steps.mjs';

interface Holder {
  pid: number;
  url: string;
}

/**
 * Takes the data folder for this process and returns how to give it back. Throws StartError when another start that
 * is still running holds it; what a killed one left behind is taken over.
 */
export const lockData = (dataDir: string, url: string): (() => void) => {
  const file = join(dataDir, 'start.lock');
  const mine = JSON.stringify({ pid: process.pid, url } satisfies Holder);
  try {
    mkdirSync(dataDir, { recursive: true });
    take(file, mine, dataDir);
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    if (name === 'StartError') throw error;
    throw new StartError(
      `DATA_DIR: ${dataDir} cannot be written (${code}): start as its owner, or set another folder`,
    );
  }
  return () => {
    if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
  };
};

const take = (file: string, mine: string, dataDir: string): void => {
  try {
    writeFileSync(file, mine, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = readHolder(file);
    if (holder && isRunning(holder.pid, 'start.mjs')) {
      throw new StartError(
        `${dataDir} is in use: Lockstep runs at ${holder.url} (process ${holder.pid}). Stop it first, or set DATA_DIR to another folder`,
      );
    }
    // Written beside and renamed, so that nobody reads half a file.
    writeFileSync(`${file}.${process.pid}`, mine);
    renameSync(`${file}.${process.pid}`, file);
  }
};

const readHolder = (file: string): Holder | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
};
