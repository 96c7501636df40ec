import type { AuditEntry, AuditHead } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { inTransaction, type Queryable } from '../transaction.ts';
import { AUDIT_VERSION, type AuditKey, GENESIS, hashOf } from './canonical.ts';

/** Advisory lock: appends of all processes take turns. */
const LOCK = 72_707_370;

/** The fields of a row, without those added by the chain. */
export type AuditInput = Omit<AuditEntry, 'n' | 'at' | 'actorName' | 'previous' | 'hash' | 'version' | 'key'>;

/** Placeholder id for the actor and session of what was done from the command line. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Adds one row to the end of the chain and returns it once it is durable. The answer is given only afterwards, so
 * that nothing is seen without being in the log. Appends of all processes take turns: there is one chain.
 */
export const appendAudit = (db: Db, input: AuditInput): Promise<AuditEntry> =>
  inTransaction(db.pool, (client) => appendAuditIn(client, input, db.auditKey));

/** The same inside a transaction, as its last step: the row and the change are stored together or not at all. */
export const appendAuditIn = async (
  client: Queryable,
  input: AuditInput,
  key: AuditKey | null,
): Promise<AuditEntry> => {
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  // A separate statement, so that its snapshot is newer than the lock.
  const { rows } = await client.query<AuditHead & { name: string | null; now: Date }>(
    `select coalesce(h.n, 0) as n, coalesce(h.hash, $2) as hash, u.name,
         date_trunc('milliseconds', clock_timestamp()) as now
       from (select 1) one left join audit_head h on h.id = 1 left join "user" u on u.id = $1`,
    [input.actorId, GENESIS],
  );
  const head = rows[0] as (typeof rows)[0];
  const row = {
    ...input,
    n: head.n + 1,
    at: head.now.getTime(),
    actorName: input.actorId === NOBODY ? 'command line' : (head.name ?? ''),
    previous: head.hash,
    ...(key ? { version: AUDIT_VERSION, key: key.id } : {}),
  };
  const entry: AuditEntry = { ...row, hash: hashOf(row, key) ?? '' };
  await client.query(
    `insert into audit_entry (n, at, actor_id, actor_name, session_id, address, device, action, reason, asked,
         answered, conversation_ids, previous, hash, version, key)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      entry.n,
      new Date(entry.at),
      entry.actorId,
      entry.actorName,
      entry.sessionId,
      entry.address,
      entry.device,
      entry.action,
      entry.reason,
      JSON.stringify(entry.asked),
      entry.answered,
      entry.conversationIds,
      entry.previous,
      entry.hash,
      entry.version ?? 1,
      entry.key ?? null,
    ],
  );
  await client.query(
    `insert into audit_head (id, n, hash) values (1, $1, $2)
       on conflict (id) do update set n = excluded.n, hash = excluded.hash`,
    [entry.n, entry.hash],
  );
  return entry;
};
