import type pg from 'pg';
import { type Budget, BudgetOver } from './budget.ts';
import type { Db } from './db.ts';
import type { PrismaClient } from './generated/client.ts';
import type { Queryable } from './transaction.ts';

/** Cancelled. */
const CANCELLED = '57014';

/**
 * The store for one call: what the call reads is counted in its budget. With `limited`, for calls that only read, no
 * statement is begun once the budget is over, and one that runs for too long is cancelled: both throw BudgetOver.
 * Writes are never cancelled.
 */
export const budgetedDb = (db: Db, budget: Budget, { limited }: { limited: boolean }): Db => {
  const { pool } = db;
  const query = limited ? limitedQuery(pool, budget) : budget.of(pool).query;
  const connect = async () => {
    const client = await pool.connect();
    const release = client.release.bind(client);
    return { ...budget.of(client), release };
  };
  let prisma: PrismaClient | undefined;
  return {
    ...db,
    pool: { query, connect } as unknown as pg.Pool,
    get prisma() {
      prisma ??= countedPrisma(db.prisma, budget, limited);
      return prisma;
    },
  };
};

/**
 * Prisma statements are small: they are counted and none is started after the budget is over, but none is cancelled.
 */
const countedPrisma = (prisma: PrismaClient, budget: Budget, limited: boolean): PrismaClient =>
  prisma.$extends({
    query: {
      $allOperations: ({ args, query }) => {
        if (limited) budget.check();
        return budget.counted(() => query(args));
      },
    },
  }) as unknown as PrismaClient;

const limitedQuery = (pool: pg.Pool, budget: Budget): Queryable['query'] =>
  (async (...args: unknown[]) => {
    budget.check();
    const client = await pool.connect();
    let cancelling: Promise<unknown> | null = null;
    const timer = setTimeout(() => {
      cancelling = cancel(pool, client);
    }, budget.limits.statementMs);
    try {
      return await (budget.of(client).query as (...args: unknown[]) => Promise<unknown>)(...args);
    } catch (error) {
      if (cancelling === null || (error as { code?: string }).code !== CANCELLED) throw error;
      budget.cut();
      throw new BudgetOver();
    } finally {
      clearTimeout(timer);
      // A late cancel must not hit the next statement on this connection.
      await cancelling;
      client.release();
    }
  }) as Queryable['query'];

/** As `statement_timeout` would, which is set for a transaction or a connection, not for one statement. */
const cancel = (pool: pg.Pool, client: pg.PoolClient): Promise<unknown> =>
  pool
    .query('select pg_cancel_backend($1)', [(client as unknown as { processID: number }).processID])
    .catch(() => {});
