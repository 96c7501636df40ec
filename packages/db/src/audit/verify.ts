import type { AuditEntry, AuditFault, AuditHead, AuditReport } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { inSnapshot } from '../transaction.ts';
import { type AuditKey, GENESIS, hashOf } from './canonical.ts';
import { auditHead, auditRows } from './read.ts';

const MAX_FAULTS = 100;
/** How far rows may have been renumbered to hide a removed or inserted one. */
const RENUMBERED = 200;

type Hashed = AuditEntry & {
  /** The number that its hash was computed with; null if no number fits its content. */
  own: number | null;
};

/**
 * Reads the whole chain and reports every row that was changed, removed or inserted. Two facts confirm a row: its own
 * hash, and the next row, which contains that hash. If all later hashes were recomputed, a head `kept` outside
 * reveals it.
 */
export const verifyAudit = (
  db: Db,
  kept?: AuditHead,
  witnesses: readonly AuditHead[] = [],
): Promise<AuditReport> =>
  inSnapshot(db.pool, async (client) =>
    verifyChain(auditRows(client), await auditHead(client), { kept, witnesses, key: db.auditKey }),
  );

export interface VerifyOptions {
  /** A head that somebody has copied earlier. */
  kept?: AuditHead | undefined;
  /** Heads that the server itself has kept outside of the database. */
  witnesses?: readonly AuditHead[];
  key?: AuditKey | null;
}

/** The same over rows from anywhere. */
export const verifyChain = async (
  rows: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  head: AuditHead,
  { kept, witnesses = [], key = null }: VerifyOptions = {},
): Promise<AuditReport> => {
  const faults: AuditFault[] = [];
  const addFault = (n: number, kind: AuditFault['kind']) => {
    if (faults.length < MAX_FAULTS && !faults.some((fault) => fault.n === n && fault.kind === kind))
      faults.push({ n, kind });
  };
  let count = 0;
  let shift = 0;
  // The last original row of the chain: its hash, which the next row must contain, and its original number.
  let hash = GENESIS;
  let own = 0;
  let keptIs: boolean | null = kept ? kept.n === 0 : null;
  let otherKey = 0;
  let isKeyed = false;
  const unseen = new Map(witnesses.map((one) => [`${one.n} ${one.hash}`, one.n]));

  const checkRow = (row: Hashed, next: AuditEntry | null) => {
    count++;
    // The head confirms the last row.
    const named = next?.previous ?? head.hash;
    // The next row directly follows the previous one, or this row is a copy: it was inserted.
    if ((named === hash && named !== row.hash) || (row.own !== null && row.own <= own))
      return addFault(row.n, 'inserted');
    if (row.own === null) addFault(row.n, 'changed');
    else shift = row.own - row.n;
    const number = row.own ?? row.n + shift;
    if (number > own + 1)
      for (let n = own + 1; n < number && faults.length < MAX_FAULTS; n++) addFault(n, 'removed');
    // It was written after a different row than the one now before it.
    else if (number === own + 1 && row.previous !== hash && own > 0 && row.own !== null)
      addFault(own, 'changed');
    else if (number === own + 1 && row.previous !== hash && row.own !== null) addFault(row.n, 'changed');
    if (number > own) own = number;
    unseen.delete(`${number} ${row.hash}`);
    hash = row.hash;
    if (kept && number === kept.n) keptIs = row.hash === kept.hash;
  };

  let last: Hashed | null = null;
  for await (const row of rows) {
    const isOther = hashOf(row, key) === null;
    // Once there is a key, every later row uses it.
    const isForeign: boolean = isKeyed && (isOther || row.version === undefined);
    if (isOther && !isForeign) otherKey++;
    // A row with another key cannot be checked itself; its neighbours confirm its position.
    const own: number | null = isForeign ? null : isOther ? row.n + shift : ownNumber(row, shift, key);
    isKeyed ||= own !== null && !isOther && row.version !== undefined;
    const hashed = { ...row, own };
    if (last) checkRow(last, row);
    last = hashed;
  }
  if (last) checkRow(last, null);
  if (head.n > own)
    for (let n = own + 1; n <= head.n && faults.length < MAX_FAULTS; n++) addFault(n, 'removed');
  else if (head.n < own) addFault(own, 'inserted');
  else if (head.hash !== hash) addFault(own, 'changed');
  faults.sort((a, b) => a.n - b.n);
  return {
    rows: count,
    head,
    faults,
    kept: kept ? (keptIs ?? false) : null,
    otherKey,
    witnesses: {
      heads: witnesses.length,
      lost: [...new Set(unseen.values())].sort((a, b) => a - b).slice(0, MAX_FAULTS),
    },
  };
};

/**
 * Tries the row's own number first, then nearby ones, because a row that was only renumbered is otherwise unchanged.
 */
const ownNumber = (row: AuditEntry, shift: number, key: AuditKey | null): number | null => {
  const is = (n: number) => n > 0 && hashOf({ ...row, n }, key) === row.hash;
  if (is(row.n + shift)) return row.n + shift;
  for (let by = 0; by <= RENUMBERED; by++) {
    if (is(row.n + by)) return row.n + by;
    if (is(row.n - by)) return row.n - by;
  }
  return null;
};
