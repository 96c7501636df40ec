import type pg from 'pg';

/** Anything that can run a query: the pool, or a client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * Runs `work` in one transaction on one connection; rolls back on any error, and drops a connection that broke. READ
 * COMMITTED explicitly: statements after a lock must see what was committed during the wait.
 */
export const inTransaction = <T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  run(pool, 'begin isolation level read committed', work);

/**
 * Runs `work`, which only reads: all its statements see the same state. With `statementMs` each of them is cancelled
 * after so long (Postgres code 57014: `isOverBudget`).
 */
export const inSnapshot = <T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  { statementMs }: { statementMs?: number } = {},
): Promise<T> => {
  const limit = statementMs === undefined ? '' : `; set local statement_timeout = ${Math.ceil(statementMs)}`;
  return run(pool, `begin isolation level repeatable read read only${limit}`, work);
};

const run = async <T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
};
