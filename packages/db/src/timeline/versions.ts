import { LIMITS, type MessageVersion } from '@lockstep/protocol';
import { PAGE_BYTES } from '../budget.ts';
import type { Db } from '../db.ts';

/** The newest texts of a message that were replaced, oldest first: as many as fit in `bytes`, at least one. */
export const newestVersions = async (
  db: Db,
  id: string,
  seq: number,
  bytes = PAGE_BYTES,
): Promise<MessageVersion[]> => {
  const { rows } = await db.pool.query<{ version: number; body: string; created_at: Date }>(
    `select version, body, created_at from (
       select v.*, sum(octet_length(v.body)) over (order by v.version desc) - octet_length(v.body) as before
       from (
         select * from message_version where conversation_id = $1 and seq = $2 order by version desc limit $3
       ) v
     ) v where before < $4 order by version`,
    [id, seq, LIMITS.page, bytes],
  );
  return rows.map(({ version, body, created_at }) => ({ version, body, createdAt: created_at.getTime() }));
};
