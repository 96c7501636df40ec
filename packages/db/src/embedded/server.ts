import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { isAlive, isRunning, pause } from './process.ts';

export const USER = 'lockstep';
const MAJOR = '18';
const LOG_BYTES = 10 * 1024 * 1024;

/** Makes the data folder, once. It gets its name when it is complete, so a start killed in the middle leaves nothing. */
export const initialise = (native: string, place: Place): void => {
  if (existsSync(join(place.data, 'PG_VERSION'))) {
    checkVersion(place.data);
    return;
  }
  const unfinished = `${place.data}-${process.pid}`;
  const passwordFile = `${unfinished}-password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, `${place.password}\n`, { mode: 0o600 });
  if (place.user) {
    for (const path of [unfinished, passwordFile]) chownSync(path, place.user.uid, place.user.gid);
  }
  const result = spawnSync(
    join(native, 'bin', 'initdb'),
    [
      ...['-D', unfinished, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
    ],
    { ...place.user, cwd: unfinished, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  rmSync(passwordFile, { force: true });
  if (result.status === 0) {
    renameSync(unfinished, place.data);
    return;
  }
  rmSync(unfinished, { recursive: true, force: true });
  const why = (result.error?.message ?? result.stderr).trim().split('\n').slice(0, 2).join(' ');
  throw new Error(`Postgres could not make its data in ${place.data}: ${why}`);
};

const checkVersion = (data: string): void => {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR) return;
  throw new Error(
    `${data} holds data of Postgres ${version}, this is ${MAJOR}: move it away, or set DATABASE_URL to a Postgres that can read it`,
  );
};

/** Starts the server; it is ready when it answers. What it says goes to `postgres.log`. */
export const launch = (
  native: string,
  place: Place,
  port: number,
  durable: boolean,
  config: Record<string, string> = {},
): ChildProcess => {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: `${Math.max(64, Math.min(512, Math.floor(totalmem() / 4 / 1024 ** 2)))}MB`,
    work_mem: '32MB',
    random_page_cost: '1.1',
    jit: 'off',
    max_wal_size: '2GB',
    log_min_messages: 'warning',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...config,
  };
  const log = openSync(logFile(place), isLarge(logFile(place)) ? 'w' : 'a', 0o600);
  const child = spawn(
    join(native, 'bin', 'postgres'),
    ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A process group of its own: Ctrl-C reaches us, and we stop Postgres after everything that uses it.
    { ...place.user, cwd: place.data, stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  child.once('error', () => {});
  child.unref();
  return child;
};

export const logFile = (place: Place): string => join(place.home, 'postgres.log');

const isLarge = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES;

/**
 * The server that `postmaster.pid` names, when it lives: one that outlived a SIGKILL of its parent. A file whose
 * process is gone, or is by now another program, is removed, or Postgres would refuse to start.
 */
export const leftBehind = (place: Place): { pid: number; port: number } | null => {
  const file = join(place.data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (pid > 0 && isRunning(pid, 'postgres')) return { pid, port: Number(lines[3]) };
  rmSync(file, { force: true });
  return null;
};

/** Milliseconds after which a fast shutdown becomes an immediate one (the next start then replays the log). */
const PATIENCE_MS = 20_000;

/** SIGINT is Postgres's "fast shutdown": it ends sessions, rolls back and writes a checkpoint. Resolves when it is gone. */
export const stopServer = async (native: string, place: Place, pid: number): Promise<void> => {
  if (process.platform === 'win32') {
    spawnSync(join(native, 'bin', 'pg_ctl'), ['stop', '-D', place.data, '-m', 'fast']);
    return;
  }
  signal(pid, 'SIGINT');
  const until = Date.now() + PATIENCE_MS;
  let forced = false;
  while (isAlive(pid)) {
    if (!forced && Date.now() > until) {
      forced = true;
      signal(pid, 'SIGQUIT');
    }
    await pause(15);
  }
};

const signal = (pid: number, name: NodeJS.Signals) => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};
