import type { Readable } from 'node:stream';
import pg from 'pg';
import { applyMigrations } from '../migrate.ts';
import { connect, inLanes, withConnection } from './connect.ts';
import { copyIn } from './copy.ts';
import { BackupError } from './fault.ts';
import { LANES } from './snapshot.ts';
import { type AppliedMigration, inWaves, readTables, type Sequence, type Table } from './tables.ts';
import { checkTarget, claimTarget, done, type Load, release } from './target.ts';

/** The data of a workspace, from a backup or from another database. */
export interface Source extends Load {
  migrations: readonly AppliedMigration[];
  /** `rows` where it is known beforehand. */
  tables: readonly (Table & { rows?: number })[];
  sequences: readonly Sequence[];
  /** The rows of a table, for one of LANES that are read at a time. */
  open(table: Table, lane: number): Readable;
}

export interface LoadOptions {
  /** The database to fill. */
  url: string;
  /** Done when all rows are there, before the database may be used. */
  beforeRelease?: () => Promise<void>;
  /** Told how many more rows are in, also of those that a stopped load had filled. */
  onRows?: (count: number) => void;
  signal?: AbortSignal;
}

/**
 * Fills an empty database: the schema as it was with these rows, the rows, and then the migrations since. A table
 * counts as filled once its transaction is committed, so a load that was stopped goes on where it was. Throws
 * BackupError or SchemaError, before anything is changed where the target cannot be filled.
 */
export const load = (source: Source, options: LoadOptions): Promise<void> =>
  withConnection(options.url, async (client) => {
    const { url, onRows = () => {}, signal } = options;
    await checkTarget(client);
    const filled = await claimTarget(client, source);
    if (!filled.has('schema')) await makeSchema(client, url, source);
    const missing = source.tables.filter(({ name }) => !filled.has(`table ${name}`));
    const left = new Set(missing);
    onRows(source.tables.reduce((sum, table) => sum + (left.has(table) ? 0 : (table.rows ?? 0)), 0));
    await fill(url, source, missing, onRows, signal);
    for (const { name, value, isCalled } of source.sequences)
      await client.query('select setval($1::regclass, $2, $3)', [pg.escapeIdentifier(name), value, isCalled]);
    signal?.throwIfAborted();
    await applyMigrations(url, { restoring: true });
    await client.query('analyze');
    await options.beforeRelease?.();
    signal?.throwIfAborted();
    await release(client);
  });

/** The schema of the rows, without what its migrations have put into it. */
const makeSchema = async (client: pg.Client, url: string, source: Source): Promise<void> => {
  await applyMigrations(url, { restoring: true, only: source.migrations.map(({ name }) => name) });
  const made = await readTables(client);
  for (const { name, columns } of source.tables) {
    const table = made.find((one) => one.name === name);
    const unknown = columns.filter((column) => !table?.columns.includes(column));
    if (unknown.length > 0)
      throw new BackupError(
        `The data has ${name} with ${unknown.join(', ')}, which no migration of this Lockstep makes: restore it with the version that made it`,
      );
  }
  await client.query('begin');
  for (const { name } of inWaves(made).flat().reverse())
    await client.query(`delete from ${pg.escapeIdentifier(name)}`);
  await done(client, source.id, 'schema');
  await client.query('commit');
};

const fill = async (
  url: string,
  source: Source,
  tables: Source['tables'],
  onRows: (count: number) => void,
  signal?: AbortSignal,
): Promise<void> => {
  const writers: pg.Client[] = [];
  try {
    while (writers.length < LANES) {
      const writer = await connect(url);
      writers.push(writer);
      // The last commit of the load makes all of them durable.
      await writer.query(`set synchronous_commit = off; set maintenance_work_mem = '128MB'`);
    }
    for (const wave of inWaves(tables))
      await inLanes(writers, wave, async (writer, table, lane) => {
        await writer.query('begin');
        const indexes = await dropIndexes(writer, table);
        const rows = await copyIn(writer, table, source.open(table, lane), onRows, signal);
        if (table.rows !== undefined && rows !== table.rows)
          throw new BackupError(
            `${table.name} has ${rows} rows, and should have ${table.rows}: the data is damaged`,
          );
        for (const index of indexes) await writer.query(index);
        await done(writer, source.id, `table ${table.name}`);
        await writer.query('commit');
      });
  } finally {
    await Promise.all(writers.map((writer) => writer.end().catch(() => {})));
  }
};

/** Made at once from all rows, an index takes a fraction of the time. Resolves with what makes them again. */
const dropIndexes = async (writer: pg.Client, { name }: Table): Promise<string[]> => {
  const { rows } = await writer.query<{ drop: string; make: string }>(
    `select format('drop index %s', i.indexrelid::regclass) as drop, pg_get_indexdef(i.indexrelid) as make
     from pg_index i where i.indrelid = $1::regclass
       and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid) order by 2`,
    [pg.escapeIdentifier(name)],
  );
  for (const { drop } of rows) await writer.query(drop);
  return rows.map(({ make }) => make);
};
