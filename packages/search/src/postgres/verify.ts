import {
  type Db,
  ensureCheckpoints,
  inTransaction,
  lockCheckpoints,
  MESSAGE_COLUMNS,
  type MessageRow,
  type Queryable,
  TEXT_REV,
  toMessage,
} from '@lockstep/db';
import { hasText, type Message } from '@lockstep/protocol';
import { moveCheckpoints } from '../changes.ts';
import { writeState } from '../health.ts';
import type { Difference, OnProgress, RebuildOptions, VerifyOptions, VerifyResult } from '../port.ts';
import type { WordStore } from '../words.ts';
import { columnsOf, write } from './apply.ts';
import { dropIndexesOfEmpty, ensureIndexes } from './indexes.ts';
import { restartIfWiped } from './wiped.ts';

/** Messages that are compared at once, under the lock of their conversation's checkpoint. */
const CHUNK = 2_000;

/**
 * Compares every row with what the store gives for it, up to each checkpoint. The checkpoint is locked for one chunk at
 * a time, so that indexing waits for moments only, and what was changed meanwhile is compared as it is then.
 */
export const verify = async (
  db: Db,
  words: WordStore,
  { repair = false, onProgress, onDifference, signal }: VerifyOptions,
): Promise<VerifyResult> => {
  const result: VerifyResult = { conversations: 0, messages: 0, differences: 0 };
  await eachChunk(db, signal, onProgress, async (client, messages, range) => {
    const found = await compare(client, messages, range);
    result.messages += messages.length;
    if (range.from === 1) result.conversations++;
    result.differences += found.length;
    for (const difference of found) onDifference?.(difference);
    if (repair && found.length > 0) await repairRow(client, messages, found, words);
  });
  result.differences += await orphans(db, repair, onDifference);
  await writeState(db, 'postgres', {
    verifiedAt: new Date(),
    differences: repair ? 0 : result.differences,
  });
  return result;
};

/**
 * Rewrites every row in place, so that concurrent searches find either the old or the new row. Conversations that
 * were never indexed are taken from the start.
 */
export const rebuild = async (
  db: Db,
  words: WordStore,
  { onProgress, signal }: RebuildOptions,
): Promise<void> => {
  words.forget();
  await restartIfWiped(db, words);
  const first = await dropIndexesOfEmpty(db);
  try {
    await eachChunk(
      db,
      signal,
      onProgress,
      async (client, messages, { conversationId, from, to }) => {
        const kept = messages.filter(hasText);
        await client.query(
          `delete from search_message where conversation_id = $1 and seq between $2 and $3 and seq <> all($4::int[])`,
          [conversationId, from, to, kept.map((message) => message.seq)],
        );
        await write(client, kept, words);
      },
      true,
    );
  } finally {
    if (first) await ensureIndexes(db);
  }
  await orphans(db, true);
  await db.pool.query('analyze search_message');
  await writeState(db, 'postgres', { builtAt: new Date(), verifiedAt: new Date(), differences: 0 });
};

/** Writes again, in place, every row that the store gives otherwise now, and stores the words that are new. */
export const rewrite = async (
  db: Db,
  words: WordStore,
  { onProgress, signal }: RebuildOptions,
): Promise<void> => {
  words.forget();
  await eachChunk(db, signal, onProgress, async (client, messages, range) => {
    const found = await compare(client, messages, range);
    if (found.length > 0) await repairRow(client, messages, found, words);
    await words.add(client, messages.filter(hasText));
  });
};

interface Range {
  conversationId: string;
  from: number;
  to: number;
}

/**
 * Walks every conversation by `seq`. With `toHead` also what is not indexed yet, and then the checkpoint is moved to
 * where the head was at the start: whatever has changed since has a higher `rev` and is indexed from there.
 */
const eachChunk = async (
  db: Db,
  signal: AbortSignal | undefined,
  onProgress: OnProgress | undefined,
  work: (client: Queryable, messages: Message[], range: Range) => Promise<void>,
  toHead = false,
): Promise<void> => {
  const { rows } = await db.pool.query<{ id: string }>('select id from conversation order by id');
  for (const { id: conversationId } of rows) {
    await ensureCheckpoints(db.pool, 'index', [conversationId]);
    let reached: number | null = null;
    for (let from = 1, head = 1; from <= head; from += CHUNK) {
      signal?.throwIfAborted();
      await inTransaction(db.pool, async (client) => {
        await lockCheckpoints(client, 'index', [conversationId]);
        const checkpoint = await client.query<{ rev: number; head_seq: number; head_rev: number }>(
          `select k.rev, c.head_seq, c.head_rev from conversation c
           join checkpoint k on k.conversation_id = c.id and k.consumer = 'index' where c.id = $1`,
          [conversationId],
        );
        if (!checkpoint.rows[0]) return;
        const { rev, head_seq, head_rev } = checkpoint.rows[0];
        head = head_seq;
        reached ??= head_rev;
        const to = Math.min(from + CHUNK - 1, head_seq);
        const { rows: found } = await client.query<MessageRow>({
          name: 'search-verify',
          text: `select ${MESSAGE_COLUMNS} from message m
                 where m.conversation_id = $1 and m.seq between $2 and $3 and ${TEXT_REV} <= $4 order by m.seq`,
          values: [conversationId, from, to, toHead ? head_rev : rev],
        });
        await work(client, found.map(toMessage), { conversationId, from, to });
        onProgress?.(found.length);
      });
    }
    if (toHead && reached !== null)
      await moveCheckpoints(db.pool, 'index', [{ id: conversationId, rev: 0, head: reached }]);
  }
};

/** What differs in one run of a conversation. Messages that changed after the checkpoint are not in `messages`: they are passed over. */
const compare = async (client: Queryable, messages: Message[], range: Range): Promise<Difference[]> => {
  const { rows } = await client.query<Difference>({
    name: 'search-compare',
    text: `with should as materialized (
             select * from unnest($1::uuid[], $2::int[], $3::int[], $4::uuid[], $5::timestamptz[], $6::tsvector[], $7::text[])
               as x(conversation_id, seq, rev, sender_id, at, tokens, codes)
           ), has as materialized (
             select * from search_message where conversation_id = $8 and seq between $9 and $10
           )
           select $8::text as "conversationId", coalesce(x.seq, s.seq) as seq,
             case when s.seq is null then 'missing' when x.seq is null then 'extra'
                  when s.rev <> x.rev then 'stale' else 'different' end as kind
           from should x full join has s on s.seq = x.seq
           where case when s.seq is null then true
                      when x.seq is null then not (s.seq = any($11::int[]))
                      else s.rev <> x.rev or s.tokens <> x.tokens or s.codes is distinct from x.codes
                        or s.sender_id <> x.sender_id or s.at <> x.at end
           order by 2`,
    values: [
      ...columnsOf(messages.filter(hasText)),
      range.conversationId,
      range.from,
      range.to,
      await changedSince(client, messages, range),
    ],
  });
  return rows;
};

/** `seq` of the messages of a run that have changed after the checkpoint: their rows are allowed to be old. */
const changedSince = async (client: Queryable, messages: Message[], { conversationId, from, to }: Range) => {
  const known = new Set(messages.map((message) => message.seq));
  const { rows } = await client.query<{ seq: number }>(
    'select seq from message where conversation_id = $1 and seq between $2 and $3',
    [conversationId, from, to],
  );
  return rows.map((row) => row.seq).filter((seq) => !known.has(seq));
};

const repairRow = async (
  client: Queryable,
  messages: Message[],
  found: Difference[],
  words: WordStore,
): Promise<void> => {
  const seqs = new Set(found.map((difference) => difference.seq));
  const [{ conversationId = '' } = {}] = found;
  await client.query('delete from search_message where conversation_id = $1 and seq = any($2::int[])', [
    conversationId,
    [...seqs],
  ]);
  await write(
    client,
    messages.filter((message) => seqs.has(message.seq)),
    words,
  );
};

/** Rows of messages or conversations that are no more. */
const orphans = async (
  db: Db,
  repair: boolean,
  onDifference?: (difference: Difference) => void,
): Promise<number> => {
  const { rows } = await db.pool.query<Difference>(
    `select s.conversation_id as "conversationId", s.seq, 'extra' as kind from search_message s
     left join conversation c on c.id = s.conversation_id where s.seq > 0 and (c.id is null or s.seq > c.head_seq)`,
  );
  for (const row of rows) onDifference?.(row);
  if (repair && rows.length > 0)
    await db.pool.query(
      `delete from search_message s using unnest($1::uuid[], $2::int[]) o(id, seq)
       where s.conversation_id = o.id and s.seq = o.seq`,
      [rows.map((row) => row.conversationId), rows.map((row) => row.seq)],
    );
  return rows.length;
};
