import type { AuditEntry, AuditHead } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { inTransaction } from '../transaction.ts';
import { GENESIS, hashOf } from './canonical.ts';

/** Of advisory locks: appends take turns, in all processes. */
const LOCK = 72_707_370;

/** What a row says, but for what the chain gives it. */
export type AuditInput = Omit<AuditEntry, 'n' | 'at' | 'actorName' | 'previous' | 'hash'>;

/**
 * Adds one row to the end of the chain, and returns it once it is durable. Whoever asked gets the answer afterwards, so
 * that nothing is ever seen that is not in the log. Appends of all processes take turns: there is one chain.
 */
export const appendAudit = (db: Db, input: AuditInput): Promise<AuditEntry> =>
  inTransaction(db.pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    // A statement of its own: its snapshot is newer than the lock.
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
      actorName: head.name ?? '',
      previous: head.hash,
    };
    const entry: AuditEntry = { ...row, hash: hashOf(row) };
    await client.query(
      `insert into audit_entry (n, at, actor_id, actor_name, session_id, address, device, action, reason, asked,
         answered, conversation_ids, previous, hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
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
      ],
    );
    await client.query(
      `insert into audit_head (id, n, hash) values (1, $1, $2)
       on conflict (id) do update set n = excluded.n, hash = excluded.hash`,
      [entry.n, entry.hash],
    );
    return entry;
  });
