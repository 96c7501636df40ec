import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type DataDir, isSame } from './data-dir.ts';
import { commandOf, isAlive, pause } from './process.ts';

export const USER = 'lockstep';
const MAJOR = '18';

/**
 * Creates the data folder, once. It is renamed into place when complete, so a start killed in the middle leaves
 * nothing.
 */
export const initialise = (native: string, dir: DataDir): void => {
  if (existsSync(join(dir.data, 'PG_VERSION'))) {
    checkVersion(dir.data);
    return;
  }
  if (existsSync(dir.data) && readdirSync(dir.data).length > 0)
    throw new Error(`${dir.data} holds no data of Postgres, and is not empty: move it away`);
  removeUnfinished(dir.data);
  const unfinished = `${dir.data}-${process.pid}`;
  const passwordFile = `${unfinished}-password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, `${dir.password}\n`, { mode: 0o600 });
  if (dir.user) {
    for (const path of [unfinished, passwordFile]) chownSync(path, dir.user.uid, dir.user.gid);
  }
  const result = spawnSync(
    join(native, 'bin', 'initdb'),
    [
      ...['-D', unfinished, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
    ],
    { ...dir.user, cwd: unfinished, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  rmSync(passwordFile, { force: true });
  if (result.status === 0) {
    renameSync(unfinished, dir.data);
    return;
  }
  rmSync(unfinished, { recursive: true, force: true });
  const why = (result.error?.message ?? result.stderr).trim().split('\n').slice(0, 2).join(' ');
  throw new Error(`Postgres could not make its data in ${dir.data}: ${why}`);
};

/** Removes leftovers of starts that were killed while creating the data. */
const removeUnfinished = (data: string): void => {
  for (const name of readdirSync(dirname(data))) {
    const [, pid] = name.startsWith(`${basename(data)}-`) ? (/-(\d+)(-password)?$/.exec(name) ?? []) : [];
    if (pid && !isAlive(Number(pid))) rmSync(join(dirname(data), name), { recursive: true, force: true });
  }
};

const checkVersion = (data: string): void => {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR) return;
  throw new Error(
    `${data} holds data of Postgres ${version}, this is ${MAJOR}: move it away, or set DATABASE_URL to a Postgres that can read it`,
  );
};

/** Starts the server; it is ready when it answers. Its output goes to `logFile`, which the caller rotates. */
export const launch = (
  native: string,
  dir: DataDir,
  port: number,
  durable: boolean,
  config: Record<string, string> = {},
): ChildProcess => {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: `${Math.max(64, Math.min(512, Math.floor(memory() / 4 / 1024 ** 2)))}MB`,
    work_mem: '32MB',
    random_page_cost: '1.1',
    jit: 'off',
    max_wal_size: '2GB',
    // Group commits write out well before 4 MB; by default every byte of 16 MB is touched.
    wal_buffers: '4MB',
    // Processes that would have nothing to do: reads are small, and nobody subscribes to this server.
    io_method: 'sync',
    io_max_concurrency: '1',
    max_logical_replication_workers: '0',
    log_min_messages: 'warning',
    // The details of an error have the row that it is about: texts, addresses of people.
    log_error_verbosity: 'terse',
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: basename(logFile(dir)),
    log_rotation_age: '0',
    log_rotation_size: '0',
    // After a crash the data is made durable by one call, not by one for each of a thousand files: seconds on slow disks.
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...config,
  };
  const log = openLog(dir);
  const child = spawn(
    join(native, 'bin', 'postgres'),
    ['-D', dir.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A process group of its own: Ctrl-C reaches us, and we stop Postgres after everything that uses it.
    { ...dir.user, cwd: dir.data, stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  child.once('error', () => {});
  child.unref();
  return child;
};

/** Of the machine, or of the container or unit that we run in where that may have less. In bytes. */
const memory = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** In a folder that the server can write, whichever user runs it. */
export const logFile = (dir: DataDir): string => join(dir.data, 'log', 'postgres.log');

/** For what the server says before it has a log of its own: the same file. */
const openLog = (dir: DataDir): number => {
  const folder = dirname(logFile(dir));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = openSync(logFile(dir), 'a', 0o600);
  if (dir.user) for (const path of [folder, logFile(dir)]) chownSync(path, dir.user.uid, dir.user.gid);
  return log;
};

/** Makes the server reopen its log after a rename, as `pg_ctl logrotate` does. */
export const reopenLog = (dir: DataDir, pid: number): void => {
  const order = join(dir.data, 'logrotate');
  writeFileSync(order, '');
  if (dir.user) chownSync(order, dir.user.uid, dir.user.gid);
  signal(pid, 'SIGUSR1');
};

export interface RunningServer {
  pid: number;
  port: number;
}

/**
 * The server that runs on this data according to `postmaster.pid`: one that outlived a SIGKILL of its parent, or that
 * of another process of ours. A file that names another program, a process that is gone (also one whose parent has
 * not noticed that), or the server of another folder (this one is a copy of it) is removed, or Postgres would refuse
 * to start; `copyOf` is that other folder. That nothing of a killed server still works on the data Postgres finds out
 * by the shared memory.
 */
export const findRunning = (dir: DataDir): { running: RunningServer | null; copyOf: string | null } => {
  const file = join(dir.data, 'postmaster.pid');
  if (!existsSync(file)) return { running: null, copyOf: null };
  const [pid, data = '', , port] = readFileSync(file, 'utf8').split('\n');
  const server = { pid: Number(pid), port: Number(port) };
  const isServer = server.pid > 0 && isAlive(server.pid) && isPostgresOf(server.pid, data);
  if (isServer && serves(server.pid, data, dir.data)) return { running: server, copyOf: null };
  rmSync(file, { force: true });
  return { running: null, copyOf: isServer && !isSame(data, dir.data) ? data : null };
};

/** The command line begins as that of the servers that `launch` starts. */
const isPostgresOf = (pid: number, data: string): boolean =>
  process.platform === 'win32' ||
  commandOf(pid).split(' -c ', 1)[0]?.endsWith(`/bin/postgres -D ${data}`) === true;

/**
 * Whether the server works in this folder. It stays in the one that it was started in, also when that is renamed. Where
 * its working directory cannot be read, the path of its start has to do: gone, it was renamed to ours.
 */
const serves = (pid: number, startedIn: string, data: string): boolean => {
  try {
    if (statSync(`/proc/${pid}/cwd`, { throwIfNoEntry: false })) return isSame(`/proc/${pid}/cwd`, data);
  } catch {}
  return !existsSync(startedIn) || isSame(startedIn, data);
};

/** Milliseconds after which a fast shutdown becomes an immediate one (the next start then replays the log). */
const TIMEOUT_MS = 20_000;

/** SIGINT is Postgres's "fast shutdown": it ends sessions, rolls back and writes a checkpoint. Resolves when it is gone. */
export const stopServer = async (native: string, dir: DataDir, pid: number): Promise<void> => {
  if (process.platform === 'win32') {
    spawnSync(join(native, 'bin', 'pg_ctl'), ['stop', '-D', dir.data, '-m', 'fast']);
    return;
  }
  signal(pid, 'SIGINT');
  const until = Date.now() + TIMEOUT_MS;
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
