import pg from 'pg';
import { USER } from './server.ts';

export const DATABASE = 'lockstep';

export const urlOf = (port: number, password: string, database = DATABASE): string =>
  `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;

/** The same server, another database. */
export const withDatabase = (url: string, database: string): string => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};

/** How the server answers to the password: `refused` when it is wrong, `silent` when none answers, or not yet. */
export const tryPassword = async (url: string): Promise<'accepted' | 'refused' | 'silent'> => {
  const client = new pg.Client({
    connectionString: withDatabase(url, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code === '28P01' ? 'refused' : 'silent';
  } finally {
    await client.end().catch(() => {});
  }
};

export const createDatabase = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
};
