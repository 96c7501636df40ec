import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '@lockstep/db/embedded';

/** What `npm start` runs on a data directory, as its own files say: for those who look whether a stop left anything. */

const lock = (dataDir: string) => join(dataDir, 'start.lock');
const postmaster = (dataDir: string) => join(dataDir, 'postgres/postmaster.pid');

/** Process ids of web and worker. */
export const childrenOf = (dataDir: string): number[] =>
  JSON.parse(readFileSync(lock(dataDir), 'utf8')).children.map(({ pid }: { pid: number }) => pid);

export const postgresOf = (dataDir: string): number =>
  Number(readFileSync(postmaster(dataDir), 'utf8').split('\n')[0]);

/** Which of these processes still run, and whether a file says that something does. */
export const leftBehind = (dataDir: string, pids: readonly number[]) => ({
  alive: pids.filter(isAlive),
  lock: existsSync(lock(dataDir)),
  postmaster: existsSync(postmaster(dataDir)),
});

export const NOTHING_LEFT: ReturnType<typeof leftBehind> = { alive: [], lock: false, postmaster: false };
