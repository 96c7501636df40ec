import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Where what must be reached by another user is kept when the clone or the data folder is closed to others. */
export const OPEN_PLACE = '/var/lib/lockstep';

export interface ServerUser {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root, so root runs it as `nobody`: the number needs no account. */
const NOBODY: ServerUser = { uid: 65534, gid: 65534 };

/** What is kept in `postgres.json` of the data folder, readable only by its owner. */
export interface Saved {
  password: string;
  /** Absolute path of Postgres's own folder. */
  data: string;
  /** TCP port of the last start, taken again when it is free. */
  port?: number;
}

export interface Place extends Saved {
  home: string;
  /** Set when we are root: who runs the server instead. */
  user: ServerUser | null;
}

/** Whether every folder of the path lets other users pass through. */
export const isOpen = (folder: string): boolean => {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
};

export const openPlace = (): void => {
  try {
    mkdirSync(OPEN_PLACE, { recursive: true });
    chmodSync(OPEN_PLACE, 0o755);
  } catch (error) {
    throw new Error(
      `${OPEN_PLACE} cannot be made (${(error as NodeJS.ErrnoException).code}), and this folder is closed to the user that runs Postgres: start as an ordinary user, or move the clone out of ${process.env.HOME ?? 'the home folder'}`,
    );
  }
};

/**
 * Finds or makes the place of the data: `postgres/` below `home`, or, for root with a `home` that nobody else may
 * enter, a folder of OPEN_PLACE. Which one, the password and the port are kept in `postgres.json`. Throws one line
 * when the folder belongs to another user.
 */
export const findPlace = (dataDir: string): Place => {
  const home = resolve(dataDir);
  const file = join(home, 'postgres.json');
  try {
    mkdirSync(home, { recursive: true });
    const saved: Partial<Saved> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    const isRoot = process.getuid?.() === 0;
    const below = join(home, 'postgres');
    // A folder of ours may be passed through (not listed); what is secret in it is 0600.
    if (isRoot && isOpen(dirname(home))) chmodSync(home, statSync(home).mode | 0o011);
    const data =
      saved.data && existsSync(saved.data)
        ? saved.data
        : !isRoot || isOpen(home)
          ? below
          : join(OPEN_PLACE, randomBytes(8).toString('hex'));
    if (data !== below) openPlace();
    const place: Place = {
      home,
      data,
      password: saved.password ?? randomBytes(24).toString('hex'),
      port: saved.port,
      user: isRoot ? ownerOf(data) : null,
    };
    save(place);
    return place;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
    throw new Error(
      `${home} cannot be written by this user (${code}): start as its owner, or set DATA_DIR to another folder`,
    );
  }
};

/** Root goes on as whoever the data belongs to, so that a folder made by an ordinary user still works for that user. */
const ownerOf = (data: string): ServerUser => {
  const owner = statSync(data, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : NOBODY;
};

export const save = ({ home, data, password, port }: Place): void => {
  const file = join(home, 'postgres.json');
  const text = JSON.stringify({ password, data, port } satisfies Saved);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  const owner = statSync(home);
  if (process.getuid?.() === 0) chownSync(`${file}.new`, owner.uid, owner.gid);
  renameSync(`${file}.new`, file);
};
