import type pg from 'pg';
import { RESTORE_TABLE } from '../migrate.ts';
import { otherClients } from './connect.ts';
import { BackupError } from './fault.ts';

/** Advisory lock: one load at a time into a database. */
const LOCK = 72_707_371;

/** What is being loaded, as the marker in the target names it. */
export interface Load {
  /** A load that was stopped is taken up again only by one of the same id. */
  id: string;
  /** Whether what a stopped one has filled still counts; otherwise the target is emptied, and it begins anew. */
  resumes: boolean;
}

/** Throws BackupError unless the database can hold a workspace. */
export const checkTarget = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ encoding: string; trigrams: boolean; collation: boolean }>(
    `select current_setting('server_encoding') as encoding,
       exists (select 1 from pg_available_extensions where name = 'pg_trgm') as trigrams,
       exists (select 1 from pg_collation where collname = 'pg_c_utf8') as collation`,
  );
  const { encoding, trigrams, collation } = rows[0] as (typeof rows)[0];
  const name = await nameOf(client);
  if (encoding !== 'UTF8')
    throw new BackupError(
      `${name} has the encoding ${encoding}: make it anew with "create database … encoding 'UTF8' template template0"`,
    );
  if (!trigrams)
    throw new BackupError(
      `The Postgres of ${name} lacks the extension pg_trgm: install its contrib package (postgresql-contrib)`,
    );
  if (!collation)
    throw new BackupError(`The Postgres of ${name} lacks the collation pg_c_utf8: use Postgres 18`);
};

/**
 * Marks the target as being filled, so that nothing starts on it, and says what a stopped load has filled already. The
 * lock is held as long as the connection. Throws BackupError where somebody else uses the database, or where it holds
 * anything but the rest of this load.
 */
export const claimTarget = async (client: pg.Client, { id, resumes }: Load): Promise<Set<string>> => {
  const name = await nameOf(client);
  const { rows: locked } = await client.query<{ ok: boolean }>('select pg_try_advisory_lock($1) as ok', [
    LOCK,
  ]);
  if (!locked[0]?.ok)
    throw new BackupError(`Another restore is writing into ${name}: wait until it has ended`);
  const others = await otherClients(client);
  if (others.length > 0)
    throw new BackupError(
      `${name} is in use (${[...new Set(others)].join(', ')}): stop Lockstep and whatever else uses it`,
    );
  const begun = await begunBy(client);
  if (begun !== null && begun !== id)
    throw new BackupError(
      `${name} holds the rest of another restore or move that has not finished: finish that one, or make the database anew`,
    );
  if (begun === null && !(await isEmpty(client)))
    throw new BackupError(
      `${name} is not empty, and nothing in it is replaced: set DATA_DIR to a folder that does not exist, or DATABASE_URL to an empty database`,
    );
  await client.query('begin');
  if (begun !== null && !resumes) await emptySchema(client);
  if (begun === null || !resumes) {
    await client.query(`create table ${RESTORE_TABLE} (item text primary key, load text not null)`);
    await done(client, id, 'begun');
  }
  await client.query('commit');
  const { rows } = await client.query<{ item: string }>(`select item from ${RESTORE_TABLE}`);
  return new Set(rows.map(({ item }) => item));
};

/** Notes that this has been filled, in the transaction that fills it. */
export const done = async (client: pg.Client, id: string, item: string): Promise<void> => {
  await client.query(`insert into ${RESTORE_TABLE} (item, load) values ($1, $2) on conflict do nothing`, [
    item,
    id,
  ]);
};

/**
 * The last step: from here on the database may be used. Devices that have seen another one see by the new generation
 * that what they hold may not be true any more; an index outside of it is filled anew for the same reason.
 */
export const release = async (client: pg.Client): Promise<void> => {
  await client.query('begin');
  await client.query('update workspace set generation = gen_random_uuid()');
  await client.query(`delete from search_state where engine <> 'postgres'`);
  await client.query(`drop table ${RESTORE_TABLE}`);
  await client.query('commit');
};

const nameOf = async (client: pg.Client): Promise<string> => {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  return `The database "${rows[0]?.name}" at ${client.host}:${client.port}`;
};

const begunBy = async (client: pg.Client): Promise<string | null> => {
  const { rows } = await client.query<{ made: boolean }>(
    `select to_regclass('${RESTORE_TABLE}') is not null as made`,
  );
  if (!rows[0]?.made) return null;
  const { rows: loads } = await client.query<{ load: string }>(`select load from ${RESTORE_TABLE} limit 1`);
  return loads[0]?.load ?? null;
};

/** Without what belongs to extensions, which a server may bring along. */
const OWN = (kind: 'pg_class' | 'pg_proc' | 'pg_type') =>
  `not exists (select 1 from pg_depend d where d.classid = '${kind}'::regclass and d.objid = o.oid and d.deptype = 'e')`;

const isEmpty = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from pg_class o
     where o.relnamespace = current_schema()::regnamespace and o.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${OWN('pg_class')}`,
  );
  return rows[0]?.n === 0;
};

/** Only what a load of ours has made: the schema was empty before it. */
const emptySchema = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ sql: string }>(
    `select format('drop %s if exists %I cascade', case o.relkind when 'v' then 'view' else 'table' end, o.relname) as sql
       from pg_class o where o.relnamespace = current_schema()::regnamespace and o.relkind in ('r', 'v') and ${OWN('pg_class')}
     union all select format('drop function if exists %s cascade', o.oid::regprocedure)
       from pg_proc o where o.pronamespace = current_schema()::regnamespace and ${OWN('pg_proc')}
     union all select format('drop type if exists %I cascade', o.typname)
       from pg_type o where o.typnamespace = current_schema()::regnamespace and o.typtype = 'e' and ${OWN('pg_type')}`,
  );
  for (const { sql } of rows) await client.query(sql);
};
