import { createServer } from 'node:net';
import { Redis } from 'ioredis';
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

/** Throws StartError unless a Postgres 18 answers there. */
export const reachPostgres = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: WAIT_MS });
  client.on('error', () => {});
  const at = `${new URL(url).host}${new URL(url).pathname}`;
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      "select current_setting('server_version_num') version",
    );
    const version = Number(rows[0]?.version);
    if (version < POSTGRES) {
      throw new StartError(
        `DATABASE_URL: ${at} is Postgres ${Math.floor(version / 10_000)}, Lockstep needs 18 or newer: upgrade it, or unset DATABASE_URL to use the embedded one`,
      );
    }
  } catch (error) {
    const { code, message, name } = error as NodeJS.ErrnoException;
    if (name === 'StartError') throw error;
    const why: Record<string, string> = {
      ECONNREFUSED: 'nothing listens there: start that Postgres, or mend the address',
      ENOTFOUND: 'the host is not known: mend the address',
      EAI_AGAIN: 'the host is not known: mend the address',
      '28P01': 'user or password is wrong',
      '28000': 'this user may not connect',
      '3D000': 'there is no such database: make it with `createdb`, or mend the name',
    };
    throw new StartError(`DATABASE_URL: ${at}: ${why[code ?? ''] ?? message}`);
  } finally {
    await client.end().catch(() => {});
  }
};

/** Throws StartError unless a Redis answers there that keeps what it is given. */
export const reachRedis = async (url: string): Promise<void> => {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: WAIT_MS, retryStrategy: () => null });
  let reason = '';
  redis.on('error', (error: NodeJS.ErrnoException) => {
    reason = error.code ?? error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw new StartError(
      `REDIS_URL: no Redis answers at ${new URL(url).host} (${reason || (error as Error).message}): start it, mend the address, or unset REDIS_URL`,
    );
  } finally {
    redis.disconnect();
  }
};
