import { chownSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export const LOG_BYTES = 10 * 1024 * 1024;
const LOG_AGE_MS = 7 * 24 * 60 * 60 * 1_000;
/** Older ones are kept as `web.log.1` (the newest) to `web.log.5`. */
const KEPT = 5;

export interface LogFileOptions {
  maxBytes?: number;
  maxAgeMs?: number;
  /** Called when writing fails for the first time, with the error code (`ENOSPC`), and with null when it works again. */
  onTrouble?: (code: string | null) => void;
}

export interface LogFile {
  path: string;
  /** Whole lines. What cannot be written is counted, and told in the log when it works again; nothing is thrown. */
  write(text: string): void;
  /** For who has renamed the file (logrotate): from now on lines go into a new one. */
  reopen(): void;
  close(): void;
}

/** Moves `file` to `file.1`, that to `file.2` and so on; the oldest goes. */
export const rotate = (file: string): void => {
  rmSync(`${file}.${KEPT}`, { force: true });
  for (let n = KEPT - 1; n >= 0; n--) {
    const from = n === 0 ? file : `${file}.${n}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${file}.${n + 1}`);
  }
};

/** A log that is rotated by size and age while it is written, and never emptied. Readable by its owner only. */
export const openLogFile = (path: string, options: LogFileOptions = {}): LogFile => {
  const { maxBytes = LOG_BYTES, maxAgeMs = LOG_AGE_MS, onTrouble = () => {} } = options;
  let file: number | null = null;
  let bytes = 0;
  let startedAt = 0;
  let missed = 0;
  let trouble: string | null = null;

  const close = () => {
    if (file !== null) closeSync(file);
    file = null;
  };
  const open = () => {
    close();
    mkdirSync(dirname(path), { recursive: true });
    file = openSync(path, 'a', 0o600);
    const { size, birthtimeMs } = statSync(path);
    bytes = size;
    startedAt = size === 0 ? Date.now() : birthtimeMs;
    // What root writes into the data directory of another user has to stay writable for that one.
    const { uid, gid } = statSync(dirname(path));
    if (process.getuid?.() === 0 && uid !== 0) chownSync(path, uid, gid);
  };
  const append = (text: string) => {
    const size = Buffer.byteLength(text);
    if (bytes > 0 && (bytes + size > maxBytes || Date.now() - startedAt > maxAgeMs)) {
      close();
      rotate(path);
    }
    if (file === null) open();
    for (let rest = Buffer.from(text); rest.length > 0; ) {
      const written = writeSync(file as unknown as number, rest);
      bytes += written;
      rest = rest.subarray(written);
    }
  };
  const attempt = (work: () => void, lines: number) => {
    try {
      work();
      if (trouble) onTrouble(null);
      trouble = null;
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      missed += lines;
      if (!trouble) onTrouble(code);
      trouble = code;
    }
  };
  attempt(open, 0);

  return {
    path,
    write: (text) =>
      attempt(() => {
        if (missed > 0) {
          append(
            asLine({ level: 40, msg: `${missed} lines before this one could not be written: ${trouble}` }),
          );
          missed = 0;
        }
        append(text);
      }, text.split('\n').length - 1),
    reopen: () => attempt(open, 0),
    close,
  };
};

/** A line as pino writes it, with the time in ISO 8601. */
export const asLine = (fields: {
  level: number;
  msg: string;
  part?: string;
  pid?: number | undefined;
}): string => `${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`;
