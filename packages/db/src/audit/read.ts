import type { AccessNotice, AuditAction, AuditEntry, AuditHead, AuditPage } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import { PAGE_BYTES } from '../budget.ts';
import type { Db } from '../db.ts';
import type { Queryable } from '../transaction.ts';
import { GENESIS } from './canonical.ts';

interface Row {
  n: number;
  at: Date;
  actor_id: string;
  actor_name: string;
  session_id: string;
  address: string | null;
  device: string | null;
  action: AuditAction;
  reason: string;
  asked: Record<string, unknown>;
  answered: number;
  conversation_ids: string[];
  previous: string;
  hash: string;
  version: number;
  key: string | null;
}

/** In an answer, with quotes and comma. */
const UUID_BYTES = 39;

const COLUMNS = `n, at, actor_id, actor_name, session_id, address, device, action, reason, asked, answered,
  conversation_ids, previous, hash, version, key`;

const toEntry = (row: Row): AuditEntry => ({
  n: row.n,
  at: row.at.getTime(),
  actorId: row.actor_id,
  actorName: row.actor_name,
  sessionId: row.session_id,
  address: row.address,
  device: row.device,
  action: row.action,
  reason: row.reason,
  asked: row.asked,
  answered: row.answered,
  conversationIds: row.conversation_ids,
  previous: row.previous,
  hash: row.hash,
  ...(row.version === 1 && row.key === null ? {} : { version: row.version, key: row.key }),
});

export const auditHead = async (client: Queryable): Promise<AuditHead> => {
  const { rows } = await client.query<AuditHead>('select n, hash from audit_head where id = 1');
  return rows[0] ?? { n: 0, hash: GENESIS };
};

/** Newest first: as many rows as fit in `bytes`, at least one. `hasMore` is true if there are older ones. */
export const auditPage = async (
  db: Db,
  filter: Parsed<'admin.audit'>,
  bytes = PAGE_BYTES,
): Promise<AuditPage> => {
  const { rows } = await db.pool.query<Row & { found: number }>(
    `select ${COLUMNS}, found from (
       select e.*, count(*) over ()::int as found, sum(size) over (order by n desc) - size as before from (
         select *, octet_length(reason) + octet_length(asked::text) + octet_length(actor_name)
           + ${UUID_BYTES} * cardinality(conversation_ids) as size from audit_entry
         where ($1::bigint is null or n < $1) and ($2::text is null or action = $2) and ($3::uuid is null or actor_id = $3)
         order by n desc limit $4
       ) e
     ) e where before < $5 order by n desc`,
    [filter.before ?? null, filter.action ?? null, filter.actorId ?? null, filter.limit + 1, bytes],
  );
  const entries = rows.slice(0, filter.limit);
  return {
    entries: entries.map(toEntry),
    head: await auditHead(db.pool),
    hasMore: (rows[0]?.found ?? 0) > entries.length,
  };
};

/** All rows in the order of their numbers, `size` at a time. A duplicate number is returned twice. */
export async function* auditRows(client: Queryable, size = 1_000): AsyncGenerator<AuditEntry> {
  for (let after = 0; ; ) {
    const { rows } = await client.query<Row>(
      `select ${COLUMNS} from audit_entry where n > $1 order by n fetch first $2 rows with ties`,
      [after, size],
    );
    if (rows.length === 0) return;
    for (const row of rows) yield toEntry(row);
    after = rows.at(-1)?.n ?? after;
  }
}

/** The latest accesses to a conversation, for its members. */
export const listAccesses = async (
  db: Db,
  conversationId: string,
  limit: number,
): Promise<AccessNotice['looks']> => {
  const { rows } = await db.pool.query<{ at: Date; actor_name: string; action: AuditAction }>(
    `select at, actor_name, action from audit_entry where conversation_ids @> array[$1::uuid] order by n desc limit $2`,
    [conversationId, limit],
  );
  return rows.map((row) => ({ at: row.at.getTime(), actorName: row.actor_name, action: row.action }));
};
