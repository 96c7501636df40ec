import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** For files that another user must reach when the clone or the data directory is not accessible to others. */
export const SHARED_FOLDER = '/var/lib/lockstep';

export interface ServerUser {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root, so root starts it as `nobody`; the uid needs no account. */
const NOBODY: ServerUser = { uid: 65534, gid: 65534 };

/** What is kept in `postgres.json` of the data directory, readable only by its owner. */
interface Saved {
  password: string;
  /**
   * Postgres's own folder: relative to `postgres.json`, so that a copy never points to the original; absolute in
   * SHARED_FOLDER.
   */
  data: string;
  /** TCP port of the last start, used again if it is free. */
  port?: number;
}

export interface DataDir {
  /** The data directory, without symbolic links in its path. */
  home: string;
  /** Postgres's own folder, likewise. */
  data: string;
  /** The same as `postgres.json` has it. */
  saved: string;
  password: string;
  port: number | undefined;
  /** Set if we are root: the user that runs the server. */
  user: ServerUser | null;
}

/** Whether every folder of the path lets other users pass through. */
export const isOpen = (folder: string): boolean => {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
};

export const makeSharedFolder = (): void => {
  try {
    mkdirSync(SHARED_FOLDER, { recursive: true });
    chmodSync(SHARED_FOLDER, 0o755);
  } catch (error) {
    throw new Error(
      `${SHARED_FOLDER} cannot be made (${(error as NodeJS.ErrnoException).code}), and this folder is closed to the user that runs Postgres: start as an ordinary user, or move the clone out of ${process.env.HOME ?? 'the home folder'}`,
    );
  }
};

/**
 * Finds or creates the data directory: Postgres's own folder is `postgres/` in it, or, for root with a directory that
 * nobody else may enter, a folder of SHARED_FOLDER. Which one, the password and the port are kept in `postgres.json`.
 * Throws one line that says what to do: it belongs to another user, a file of it is damaged or missing, or it is a
 * copy of a directory whose data lies elsewhere.
 */
export const openDataDir = (path: string): DataDir => {
  try {
    mkdirSync(path, { recursive: true });
    const home = realpathSync(path);
    const isRoot = process.getuid?.() === 0;
    const saved = readSaved(home);
    // Our own folder may be traversed but not listed; secrets in it are 0600.
    if (isRoot && isOpen(dirname(home))) chmodSync(home, statSync(home).mode | 0o011);
    const where = dataOf(home, saved);
    const data = resolve(home, where);
    if (saved.port && !existsSync(data))
      throw new Error(
        `${data} is missing, in which Postgres kept the data of ${home}: put it back, or remove ${join(home, 'postgres.json')} too to begin an empty workspace`,
      );
    if (!saved.password && existsSync(data))
      throw new Error(
        `${join(home, 'postgres.json')} is missing, which has the password of ${data}: put it back from a backup, or set DATA_DIR to another folder`,
      );
    if (isAbsolute(where)) makeSharedFolder();
    const dir: DataDir = {
      home,
      data: existsSync(data) ? realpathSync(data) : data,
      saved: where,
      password: saved.password ?? randomBytes(24).toString('hex'),
      port: saved.port,
      user: isRoot ? NOBODY : null,
    };
    if (existsSync(dir.data)) takeOwnership(dir);
    save(dir);
    return dir;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
    throw new Error(
      `${resolve(path)} cannot be written by this user (${code}): start as its owner, or set DATA_DIR to another folder`,
    );
  }
};

const readSaved = (home: string): Partial<Saved> => {
  const file = join(home, 'postgres.json');
  if (!existsSync(file)) return {};
  const text = readFileSync(file, 'utf8');
  try {
    const saved: Partial<Saved> = JSON.parse(text);
    if (typeof saved.password === 'string' && typeof saved.data === 'string') return saved;
  } catch {}
  throw new Error(
    `${file} is damaged, which has the password of the data: put it back from a backup, or set DATA_DIR to another folder`,
  );
};

/** An absolute path that is not in SHARED_FOLDER comes from an earlier version, which wrote `postgres/` that way. */
const dataOf = (home: string, { data }: Partial<Saved>): string => {
  if (data && isAbsolute(data) && dirname(data) === SHARED_FOLDER) return data;
  if (data || process.getuid?.() !== 0 || isOpen(home)) return 'postgres';
  return join(SHARED_FOLDER, randomBytes(8).toString('hex'));
};

/** The data directory that a Postgres folder outside it belongs to. */
const OWNER = 'lockstep-data-dir';

/**
 * Sets the user that runs the server and checks that the data belongs to this user and not to another data directory
 * that this one is a copy of.
 */
const takeOwnership = (dir: DataDir): void => {
  const { uid, gid } = statSync(dir.data);
  if (dir.user) {
    // Root goes on as whoever the data belongs to, so that a directory made by an ordinary user still works for that
    // user; what root itself has copied is given to the user that runs Postgres.
    if (uid === 0) chownTree(dir.data, NOBODY);
    else dir.user = { uid, gid };
  } else if (process.getuid && uid !== process.getuid()) {
    throw new Error(
      `${dir.data} belongs to another user: start as that user, or set DATA_DIR to another folder`,
    );
  }
  if (process.platform !== 'win32' && (statSync(dir.data).mode & 0o077) !== 0) chmodSync(dir.data, 0o700);
  if (!relative(dir.home, dir.data).startsWith('..')) return;
  const file = join(dir.data, OWNER);
  const owner = existsSync(file) ? readFileSync(file, 'utf8') : dir.home;
  if (owner !== dir.home && uses(owner, dir.data))
    throw new Error(
      `${dir.home} is a copy of ${owner}: the data of both is in ${dir.data}, which was not copied and belongs to ${owner}. Set DATA_DIR to ${owner}, or remove ${join(dir.home, 'postgres.json')} to begin an empty workspace`,
    );
  writeFileSync(file, dir.home, { mode: 0o600 });
};

/** Whether this is still a data directory, with its data there. */
const uses = (home: string, data: string): boolean => {
  try {
    return isSame(resolve(home, dataOf(home, readSaved(home))), data);
  } catch {
    return false;
  }
};

/** Whether both paths lead to one file or folder. */
export const isSame = (one: string, other: string): boolean => {
  const a = statSync(one, { throwIfNoEntry: false });
  const b = statSync(other, { throwIfNoEntry: false });
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
};

const chownTree = (path: string, { uid, gid }: ServerUser): void => {
  lchownSync(path, uid, gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) chownTree(join(path, entry.name), { uid, gid });
    else lchownSync(join(path, entry.name), uid, gid);
  }
};

export const save = ({ home, saved, password, port }: DataDir): void => {
  const file = join(home, 'postgres.json');
  const text = JSON.stringify({ password, data: saved, port } satisfies Saved);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  const owner = statSync(home);
  if (process.getuid?.() === 0) chownSync(`${file}.new`, owner.uid, owner.gid);
  renameSync(`${file}.new`, file);
};
