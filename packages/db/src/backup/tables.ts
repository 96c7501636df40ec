import pg from 'pg';
import { type Migration, RESTORE_TABLE, readMigrations } from '../migrate.ts';
import type { Queryable } from '../transaction.ts';

export interface Table {
  name: string;
  /** Without those that the database makes from the others. */
  columns: string[];
  /** Tables whose rows have to be there first. */
  references: string[];
}

export interface Sequence {
  name: string;
  value: number;
  /** Whether `value` was given out; otherwise it is the next one. */
  isCalled: boolean;
}

/** Filled by the migrations themselves, or only there during a restore. */
const NOT_DATA = ['_prisma_migrations', RESTORE_TABLE];

/** All tables of the schema that hold data, the largest first. */
export const readTables = async (client: Queryable): Promise<Table[]> => {
  const { rows } = await client.query<Table>(
    `select c.relname as name,
       array(select a.attname::text from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
             order by a.attnum) as columns,
       array(select distinct r.relname::text from pg_constraint k join pg_class r on r.oid = k.confrelid
             where k.conrelid = c.oid and k.contype = 'f' and r.oid <> c.oid) as references
     from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> all ($1)
     order by pg_table_size(c.oid) desc, c.relname`,
    [NOT_DATA],
  );
  return rows;
};

/** Rows by what the planner knows, for progress: 0 where it knows nothing yet. */
export const estimateRows = async (client: Queryable): Promise<number> => {
  const { rows } = await client.query<{ rows: number }>(
    `select coalesce(sum(greatest(reltuples, 0)), 0)::float8 as rows from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname <> all ($1)`,
    [NOT_DATA],
  );
  return rows[0]?.rows ?? 0;
};

export const readSequences = async (client: Queryable): Promise<Sequence[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'S' order by relname`,
  );
  const sequences: Sequence[] = [];
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${pg.escapeIdentifier(name)}`,
    );
    if (state[0]) sequences.push({ name, value: Number(state[0].value), isCalled: state[0].called });
  }
  return sequences;
};

export type AppliedMigration = Pick<Migration, 'name' | 'checksum'>;

export const readApplied = async (client: Queryable): Promise<AppliedMigration[]> => {
  const { rows } = await client.query<AppliedMigration>(
    `select migration_name as name, checksum from _prisma_migrations
     where finished_at is not null and rolled_back_at is null order by migration_name`,
  );
  return rows;
};

/**
 * Of these tables those that the applied migrations do not make: others use the schema too, such as the adapter of
 * Socket.IO. None where a migration is not known here, so that no table of a newer version is taken for a foreign one.
 */
export const foreignTables = async (
  tables: readonly Table[],
  applied: readonly AppliedMigration[],
): Promise<Set<string>> => {
  const migrations = await readMigrations();
  const known = new Set(migrations.map(({ name }) => name));
  if (!applied.every(({ name }) => known.has(name))) return new Set();
  const made = new Set(
    migrations.flatMap(({ sql }) =>
      [...sql.matchAll(/^\s*create table "?(\w+)"?/gim)].map(([, name]) => name),
    ),
  );
  return new Set(tables.map(({ name }) => name).filter((name) => !made.has(name)));
};

/** Waves in which tables can be filled: each refers only to those of earlier ones. */
export const inWaves = <T extends Pick<Table, 'name' | 'references'>>(tables: readonly T[]): T[][] => {
  const waves: T[][] = [];
  const filled = new Set<string>();
  let left = [...tables];
  while (left.length > 0) {
    const names = new Set(left.map(({ name }) => name));
    const ready = left.filter(({ references }) => !references.some((name) => names.has(name)));
    // A circle of references cannot be put in order: the database says what is wrong with it.
    const wave = ready.length > 0 ? ready : left;
    waves.push(wave);
    for (const { name } of wave) filled.add(name);
    left = left.filter(({ name }) => !filled.has(name));
  }
  return waves;
};
