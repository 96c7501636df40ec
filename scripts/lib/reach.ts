import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from './steps.mjs';

const WAIT_MS = 5_000;
const POSTGRES = 180_000;

/** Throws StartError unless the address is free to listen on. */
export const portIsFree = (host: string, port: number): Promise<void> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why: Record<string, string> = {
        EADDRINUSE: `PORT: ${port} is taken by another program: stop that one, or start with another, such as PORT=${port + 1} npm start`,
        EACCES: `PORT: ${port} needs more rights: set one of 1024 or above`,
        EADDRNOTAVAIL: `HOST: ${host} is not an address of this machine: set HOST to 127.0.0.1 or 0.0.0.0`,
        ENOTFOUND: `HOST: ${host} is not known: set HOST to 127.0.0.1 or 0.0.0.0`,
      };
      fail(
        new StartError(
          why[error.code ?? ''] ?? `HOST, PORT: cannot listen on ${host}:${port}: ${error.message}`,
        ),
      );
    });
    server.listen(port, host, () => server.close(() => done()));
  });

/** Of an answer or a failure that time may mend: the server is not up yet. */
const NOT_YET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  '57P03',
  '53300',
  // Redis still reads its file.
  'LOADING',
]);
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;

export interface Waiting {
  /** How long a server that is not up yet is waited for at most. */
  waitMs?: number;
  signal?: AbortSignal;
  print?: (line: string) => void;
}

/** Asks until there is an answer, or the time is up. Throws StartError. */
const ask = async (
  question: () => Promise<void>,
  { waitMs = 0, signal, print = console.error }: Waiting,
): Promise<void> => {
  const until = Date.now() + waitMs;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      return await question();
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      const left = until - Date.now();
      if (signal?.aborted || !NOT_YET.has(code ?? '') || wait > left) throw new StartError(message);
      print(`${message}. Next attempt in ${wait / 1_000} s, ${Math.floor(left / 1_000)} s left.`);
      await setTimeout(wait, null, { signal }).catch(() => {});
    }
  }
};

/**
 * Throws StartError unless a Postgres 18 answers there in which this user may make tables and write. `setting` is where
 * the address comes from.
 */
export const reachPostgres = (
  url: string,
  { setting = 'DATABASE_URL', ...waiting }: Waiting & { setting?: string } = {},
): Promise<void> => ask(() => askPostgres(url, setting), waiting);

interface Rights {
  version: number;
  user: string;
  database: string;
  schema: string | null;
  mayMakeSchemas: boolean;
  mayMakeTables: boolean;
  mayWrite: boolean;
  readOnly: boolean;
}

const RIGHTS = `select current_setting('server_version_num')::int as version, current_user as "user",
  current_database() as database, current_schema() as schema,
  has_database_privilege(current_database(), 'create') as "mayMakeSchemas",
  coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayMakeTables",
  coalesce(has_table_privilege(to_regclass('conversation'), 'insert'), true) as "mayWrite",
  current_setting('transaction_read_only') = 'on' as "readOnly"`;

const askPostgres = async (url: string, setting: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: WAIT_MS });
  client.on('error', () => {});
  const at = `${new URL(url).host}${new URL(url).pathname}`;
  const fault = (text: string, code?: string) =>
    Object.assign(new Error(`${setting}: ${at}${text}`), { code });
  try {
    await client.connect();
    const { rows } = await client.query<Rights>(RIGHTS);
    const found = rows[0] as Rights;
    const problem = rightsFault(found);
    if (problem) throw fault(problem);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (message.startsWith(setting)) throw error;
    const why: Record<string, string> = {
      ECONNREFUSED: 'nothing listens there: start that Postgres, or mend the address',
      ENOTFOUND: 'the host is not known: mend the address',
      EAI_AGAIN: 'the host is not known: mend the address',
      '28P01': 'user or password is wrong',
      '28000': 'this user may not connect: allow it in pg_hba.conf of that Postgres',
      '3D000': 'there is no such database: make it with `createdb`, or mend the name',
      '42501': 'this user may not connect: grant it CONNECT on the database',
      '53300':
        'it has no connections left: raise max_connections there, end what holds them, or set a smaller DATABASE_POOL',
      '57P03': 'it is starting or stopping',
    };
    throw fault(`: ${why[code ?? ''] ?? message}`, code);
  } finally {
    await client.end().catch(() => {});
  }
};

const rightsFault = (found: Rights): string | null => {
  const { version, user, database, schema } = found;
  if (version < POSTGRES)
    return ` is Postgres ${Math.floor(version / 10_000)}, Lockstep needs 18 or newer: upgrade it, or unset DATABASE_URL to use the embedded one`;
  if (found.readOnly) return ' can only be read: it is a replica, name the primary';
  if (!found.mayMakeSchemas || !found.mayMakeTables)
    return `: the user ${user} may not make tables there: as its owner run: grant create on database "${database}" to "${user}"; grant create on schema ${schema ?? 'public'} to "${user}"`;
  if (!found.mayWrite)
    return `: its tables belong to another user, and ${user} may not write them: connect as that one, or make ${user} their owner`;
  return null;
};

/** Throws StartError unless a Redis answers there that takes our password. */
export const reachRedis = (url: string, waiting: Waiting = {}): Promise<void> =>
  ask(() => askRedis(url), waiting);

const askRedis = async (url: string): Promise<void> => {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: WAIT_MS, retryStrategy: () => null });
  let reason = '';
  redis.on('error', (error: NodeJS.ErrnoException) => {
    reason ||= error.code && error.code !== 'ERR' ? error.code : error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
    // A wrong password is only reported by an event, and the connection continues without it.
    if (/WRONGPASS|invalid password/i.test(reason)) throw new Error(reason);
  } catch (error) {
    const texts = `${reason} ${(error as Error).message}`;
    const { host } = new URL(url);
    if (/WRONGPASS|invalid (username-)?password/i.test(texts))
      throw new Error(
        `REDIS_URL: Redis at ${host} refuses the password: mend it (redis://:password@host:6379)`,
      );
    if (/NOAUTH/.test(texts))
      throw new Error(`REDIS_URL: Redis at ${host} wants a password: REDIS_URL=redis://:password@${host}`);
    const message = `REDIS_URL: no Redis answers at ${host} (${reason || (error as Error).message}): start it, mend the address, or unset REDIS_URL`;
    throw Object.assign(new Error(message), { code: /^LOADING/.test(reason) ? 'LOADING' : reason });
  } finally {
    redis.disconnect();
  }
};
