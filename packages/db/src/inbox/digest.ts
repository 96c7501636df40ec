import {
  type DigestRange,
  entryDigest,
  LockstepError,
  messagesDigest,
  overallDigest,
  type StateDigest,
} from '@lockstep/protocol';
import type pg from 'pg';
import type { Db } from '../db.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from '../timeline/row.ts';
import { inSnapshot } from '../transaction.ts';
import { currentEntries } from './read.ts';

/** Messages that the ranges of one call may span together. */
const MAX_MESSAGES = 20_000;

/**
 * What a person's devices hold when they are in step, as digests (rule 12): of each conversation and of all together,
 * and of the runs of messages asked for. All of it is read from one snapshot. Errors: `invalid_input` when the ranges
 * span more than 20,000 messages.
 */
export const stateDigest = async (db: Db, userId: string, ranges: DigestRange[]): Promise<StateDigest> => {
  const span = ranges.reduce((sum, { from, to }) => sum + Math.max(0, to - from + 1), 0);
  if (span > MAX_MESSAGES) throw new LockstepError('invalid_input', 'the ranges are too long');
  return inSnapshot(db.pool, async (client) => {
    const entries = await currentEntries(client, userId);
    const conversations = Object.fromEntries(
      entries.map((entry) => [entry.conversation.id, entryDigest(entry)]),
    );
    const digests: (string | null)[] = [];
    for (const range of ranges) digests.push(await rangeDigest(client, userId, range));
    return { overall: overallDigest(conversations), conversations, ranges: digests };
  });
};

/** The lookup is the permission check (rule 10): a row of the member alone says that there is nothing in the range. */
const rangeDigest = async (
  client: pg.ClientBase,
  userId: string,
  { conversationId, from, to }: DigestRange,
): Promise<string | null> => {
  const { rows } = await client.query<MessageRow | { seq: null }>({
    name: 'digest-range',
    text: `select ${MESSAGE_COLUMNS} from member v
           left join message m on m.conversation_id = v.conversation_id and m.seq between $3 and $4
           where v.conversation_id = $1 and v.user_id = $2 and v.left_rev is null order by m.seq`,
    values: [conversationId, userId, from, to],
  });
  if (rows.length === 0) return null;
  return messagesDigest(rows.filter((row): row is MessageRow => row.seq !== null).map(toMessage));
};
