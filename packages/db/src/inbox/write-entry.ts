import { type InboxEntry, LockstepError } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { inboxEntry } from './read.ts';

/** The result of a statement that writes an entry. */
export interface EntryWritten {
  member: boolean;
  /** The entry has moved. */
  changed: boolean;
}

/**
 * Runs a statement that writes one entry ($1 user, $2 conversation) and then reads the entry. Not a member:
 * LockstepError `not_found` (rule 10).
 */
export const writeEntry = async <Row extends EntryWritten>(
  db: Db,
  userId: string,
  conversationId: string,
  { name, text, more }: { name: string; text: string; more: unknown[] },
): Promise<{ entry: InboxEntry; row: Row }> => {
  const { rows } = await db.pool.query<Row>({ name, text, values: [userId, conversationId, ...more] });
  const entry = rows[0]?.member ? await inboxEntry(db, userId, conversationId) : null;
  if (!rows[0] || !entry) throw new LockstepError('not_found');
  return { entry, row: rows[0] };
};
