import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { failureOf } from './errors.ts';

const FOLDER = fileURLToPath(new URL('../../../prisma/migrations/', import.meta.url));

/** Prisma's own lock key, so that `prisma migrate deploy` and this runner never run at the same time. */
export const PRISMA_LOCK = 72_707_369;

const TABLE = `create table if not exists _prisma_migrations (
  id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
  logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/** The schema does not fit this version of the code. The message is one line that says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

export interface MigrateOptions {
  /** Only these, for data of an earlier version. All when left out. */
  only?: readonly string[];
  /** By the restore that fills this database. Nobody else may use it before that has finished. */
  restoring?: boolean;
}

/**
 * Applies the migrations of `prisma/migrations` that the database lacks, each in a transaction of its own, and returns
 * their names. Keeps Prisma's table, so `prisma migrate status` on the same database says "up to date".
 * Throws SchemaError when one fails (nothing of that one is kept), and, before anything is changed, when the data is
 * from a newer version, an applied migration was changed afterwards, another tool left one unfinished, or a restore
 * into this database has not finished.
 */
export const applyMigrations = (
  connectionString: string,
  { only, restoring = false }: MigrateOptions = {},
): Promise<string[]> =>
  withClient(connectionString, async (client) => {
    await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK]);
    const all = await missingOf(client, restoring);
    const missing = only ? all.filter(({ name }) => only.includes(name)) : all;
    if (missing.length > 0) await client.query(TABLE);
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  });

/**
 * Throws SchemaError unless the database has exactly the migrations of this version: the web process and the worker
 * call it at start. It retries while the database is down.
 */
export const awaitSchema = async (connectionString: string, retryMs = 500): Promise<void> => {
  for (;;) {
    try {
      const missing = await withClient(connectionString, (client) => missingOf(client));
      if (missing.length === 0) return;
      throw new SchemaError(
        `The database lacks ${missing.length} migrations of this Lockstep (the first is ${missing[0]?.name}): start it with "npm start", or run "node --import tsx scripts/migrate.ts"`,
      );
    } catch (error) {
      if (error instanceof SchemaError) throw error;
      if (failureOf(error) !== 'connection')
        throw new SchemaError(`DATABASE_URL: ${(error as Error).message}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
};

const withClient = async <T>(
  connectionString: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
};

export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file, in hex. */
  checksum: string;
}

/** There while a restore fills the database (backup/load.ts): what is in it is not whole yet. */
export const RESTORE_TABLE = '_restore';

interface Applied {
  migration_name: string;
  checksum: string;
  finished: boolean;
}

/** The migrations still to be applied, in order. Throws SchemaError if the applied ones do not match ours. */
const missingOf = async (client: pg.Client, restoring = false): Promise<Migration[]> => {
  const all = await readMigrations();
  const { rows: found } = await client.query<{ made: boolean; restored: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as made,
       to_regclass('${RESTORE_TABLE}') is not null as restored`,
  );
  if (found[0]?.restored && !restoring)
    throw new SchemaError(
      'A restore into this database has not finished: give the same "npm run restore" or "npm run move" again, and it goes on',
    );
  if (!found[0]?.made) return all;
  const { rows } = await client.query<Applied>(
    `select migration_name, checksum, finished_at is not null as finished from _prisma_migrations
     where rolled_back_at is null order by migration_name`,
  );
  const ours = new Map(all.map((migration) => [migration.name, migration]));
  const newer = rows.filter((row) => !ours.has(row.migration_name)).at(-1);
  if (newer)
    throw new SchemaError(
      `This data is from a newer Lockstep (it has migration ${newer.migration_name}): update Lockstep, or restore the backup from before that update`,
    );
  for (const { migration_name: name, checksum, finished } of rows) {
    if (!finished)
      throw new SchemaError(
        `Migration ${name} was begun by another tool and did not finish: restore the backup, or mend the database and run "npx prisma migrate resolve"`,
      );
    if (checksum !== ours.get(name)?.checksum)
      throw new SchemaError(
        `Migration ${name} was changed after it was applied: get its file back as it was released, and put what is new into a migration of its own`,
      );
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  return all.filter(({ name }) => !applied.has(name));
};

const apply = async (client: pg.Client, { name, sql, checksum }: Migration): Promise<void> => {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new SchemaError(`Migration ${name} failed: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
};

/** Those of this version, in order. */
export const readMigrations = async (): Promise<Migration[]> => {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(`${FOLDER}${name}/migration.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
};
