import pg from 'pg';
import { PRISMA_LOCK } from '../migrate.ts';
import { connect } from './connect.ts';
import {
  type AppliedMigration,
  estimateRows,
  foreignTables,
  readApplied,
  readSequences,
  readTables,
  type Sequence,
  type Table,
} from './tables.ts';

/** Everything of one database as it was at one moment. */
export interface Snapshot {
  migrations: AppliedMigration[];
  tables: Table[];
  sequences: Sequence[];
  /** Tables of others in the same schema. */
  leftOut: string[];
  /** About how many rows there are. */
  rows: number;
  /** Connections that all see the same. */
  readers: pg.Client[];
  close(): Promise<void>;
}

/** Tables that are copied at a time. */
export const LANES = 2;

/**
 * Begins to read a database while others go on writing: all readers see what was committed when this was called. No
 * migration can change the tables meanwhile. The caller closes it.
 */
export const openSnapshot = async (url: string): Promise<Snapshot> => {
  const clients = [await connect(url)];
  const [first] = clients as [pg.Client];
  const close = async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  };
  try {
    // A migration between the snapshot and the locks would leave tables in it that do not fit together.
    await first.query('select pg_advisory_lock_shared($1)', [PRISMA_LOCK]);
    await first.query('begin isolation level repeatable read read only');
    const { rows } = await first.query<{ id: string }>('select pg_export_snapshot() as id');
    const all = await readTables(first);
    const names = all.map(({ name }) => pg.escapeIdentifier(name));
    if (names.length > 0) await first.query(`lock table ${names.join(', ')} in access share mode`);
    await first.query('select pg_advisory_unlock_shared($1)', [PRISMA_LOCK]);
    while (clients.length < LANES) {
      const client = await connect(url);
      clients.push(client);
      await client.query('begin isolation level repeatable read read only');
      await client.query(`set transaction snapshot ${pg.escapeLiteral(rows[0]?.id ?? '')}`);
    }
    const migrations = await readApplied(first);
    const foreign = await foreignTables(all, migrations);
    return {
      migrations,
      tables: all.filter(({ name }) => !foreign.has(name)),
      sequences: await readSequences(first),
      leftOut: [...foreign],
      rows: await estimateRows(first),
      readers: clients,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
