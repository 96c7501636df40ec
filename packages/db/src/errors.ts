/** What a failed statement means for a retry. */
export type Failure = 'connection' | 'conflict' | 'input' | 'other';

// 08 connection, 53 out of connections, memory or disk, 57P0x shutdown, 57014 cancelled, 25006 and 25P03: no longer
// the primary, or idle in a transaction for too long.
const CONNECTION = /^(08|53|57P0[1-5]|57014|25006|25P03)/;
const DISK_FULL = '53100';
const SYSTEM = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'ENOENT',
  'EAI_AGAIN',
]);

/** Prisma's own codes when there is no Postgres code: not reachable, too slow, closed, no connection in the pool. */
const PRISMA_AWAY = /^(P1001|P1002|P1008|P1017|P2024|P2028|P2037)$/;

/** The code of Postgres or of the system, also where it came through Prisma; else Prisma's own. */
const codeOf = (error: unknown): string | undefined => {
  const { code, meta } = error as { code?: string; meta?: { driverAdapterError?: { cause?: Cause } } };
  return meta?.driverAdapterError?.cause?.originalCode ?? code;
};
interface Cause {
  originalCode?: string;
}

let diskFullAt = Number.NEGATIVE_INFINITY;

/** When a statement failed for the last time because the disk of the database was full (ms since 1970). */
export const lastDiskFull = (): number => diskFullAt;

/**
 * `connection`: the outcome is unknown, the same client ids may be sent again (rule 2).
 * `conflict`: deadlock, serialisation or a client id that another process stored at that moment: send it again.
 * `input`: Postgres refused a value. Codes: https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export const failureOf = (error: unknown): Failure => {
  const code = codeOf(error);
  if (code === DISK_FULL) diskFullAt = Date.now();
  const message = error instanceof Error ? error.message : '';
  if (code === '40001' || code === '40P01' || code === '23505') return 'conflict';
  if (code?.startsWith('22')) return 'input';
  if (code && (CONNECTION.test(code) || SYSTEM.has(code) || PRISMA_AWAY.test(code))) return 'connection';
  if (!code && /connection|timeout|terminated/i.test(message)) return 'connection';
  return 'other';
};
