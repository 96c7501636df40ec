import pino, { type DestinationStream, type Logger } from 'pino';
import type { Settings } from './settings.ts';

/** Maximum lines of one kind per minute: an attack or a failing part must not fill the disk. */
const PER_MINUTE = 20;
const MINUTE_MS = 60_000;
/** Maximum number of kinds counted separately; messages are constants, so there are fewer. */
const KINDS = 500;

/** Longest texts in a line, in UTF-16 units. */
const STACK = 1_500;
const TEXT = 300;

export interface LogOptions {
  level: Settings['LOG_LEVEL'] | 'silent';
  part: 'web' | 'worker';
  destination?: DestinationStream;
}

/**
 * The log of a process. A kind is a level, a message and an error code. Lines over the bound are dropped, and the
 * next minute logs how many. Stacks and external texts are truncated.
 */
export const createLog = ({ level, part, destination }: LogOptions): Logger => {
  const kinds = new Map<string, { until: number; lines: number }>();

  /** How many lines were dropped before this one, or null if this one is dropped too. */
  const take = (kind: string): number | null => {
    const now = performance.now();
    const known = kinds.get(kind);
    if (known && now < known.until) return ++known.lines > PER_MINUTE ? null : 0;
    if (kinds.size >= KINDS) kinds.clear();
    kinds.set(kind, { until: now + MINUTE_MS, lines: 1 });
    return Math.max(0, (known?.lines ?? 0) - PER_MINUTE);
  };

  const options: pino.LoggerOptions = {
    level,
    base: { part, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: shortError, url: pathOf, origin: short, host: short, userAgent: short },
    hooks: {
      logMethod(args, method, line) {
        const [first, second] = args as unknown[];
        const err = (first as { err?: { code?: unknown; name?: unknown } } | null)?.err;
        const message = typeof first === 'string' ? first : String(second ?? '');
        const left = take(`${line} ${message} ${String(err?.code ?? err?.name ?? '')}`);
        if (left === null) return;
        if (left > 0)
          method.apply(this, [{ lines: left, kind: message }, 'log: lines of this kind were left out']);
        method.apply(this, args);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
};

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}… (${text.length - most} more)` : text;

const short = (value: unknown): unknown => (typeof value === 'string' ? cut(value, TEXT) : value);

/** A segment of a path that is no id: the code of a link. */
const CODE = /(?<=\/)(?![0-9a-f-]{36}(?:\/|$))[\w-]{20,}/g;

/** Without what was asked, which may be a text, and without codes, such as that of a link to set a password. */
const pathOf = (value: unknown): unknown =>
  typeof value === 'string' ? cut((value.split('?', 1)[0] ?? '').replace(CODE, '…'), TEXT) : value;

const EMAIL = /[^\s"'(<=,:]+@[^\s"')>,;]+/g;

/** Of errors and of what libraries print: the words are not ours. */
const withoutPeople = (text: string): string => cut(text, TEXT).replace(EMAIL, '…@…');

const shortError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return typeof error === 'string' ? withoutPeople(error) : error;
  const { type, message, stack, code } = pino.stdSerializers.err(error) as pino.SerializedError & {
    code?: unknown;
  };
  return {
    type,
    message: withoutPeople(message),
    // Without the message, which is already in the line.
    stack: cut(stack.slice(stack.indexOf('\n    at ') + 1), STACK),
    ...(code === undefined ? {} : { code: short(code) }),
  };
};

/** Redirects what libraries print into the log, so that it is bounded. */
export const captureConsole = (log: Logger): void => {
  const print =
    (level: 'error' | 'warn' | 'info') =>
    (...args: unknown[]): void => {
      const err = args.find((one) => one instanceof Error);
      const words = args.filter((one) => !(one instanceof Error)).map((one) => cut(String(one), TEXT));
      const text = withoutPeople(words.join(' '));
      log[level](err ? { err, text } : { text }, 'printed');
    };
  Object.assign(console, {
    error: print('error'),
    warn: print('warn'),
    log: print('info'),
    info: print('info'),
  });
};
