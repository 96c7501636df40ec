import { type Db, ensureCheckpoints, inTransaction, type Queryable } from '@lockstep/db';
import { hasText, type Message, type TextMessage, textRevOf } from '@lockstep/protocol';
import { lockWaiting, moveCheckpoints, readChanges, upTo } from '../changes.ts';
import { codesOfMessage, toTsvector } from '../text/index.ts';
import type { WordStore } from '../words.ts';
import { isWiped, restartIfWiped } from './wiped.ts';

/** Changes that travel in one transaction. */
const CHUNK = 2_000;

/**
 * From the checkpoints to the heads: rows and checkpoints in the same transaction, so that it happens wholly or not at
 * all, and a second run does nothing. A change that comes meanwhile has a higher `rev` and is found the next time.
 */
export const apply = async (db: Db, conversationIds: string[], words: WordStore): Promise<void> => {
  const ids = [...new Set(conversationIds)].sort();
  await ensureCheckpoints(db.pool, 'index', ids);
  try {
    for (;;) {
      const state = await applyChunk(db, ids, words);
      if (state === 'done') break;
      if (state === 'wiped') await restartIfWiped(db, words);
    }
  } catch (error) {
    // After a rollback the words are not stored, so clear the cache.
    words.forget();
    throw error;
  }
  await dropDeleted(db, ids);
};

const applyChunk = (db: Db, ids: string[], words: WordStore): Promise<'done' | 'more' | 'wiped'> =>
  inTransaction(db.pool, async (client) => {
    const waiting = await lockWaiting(client, 'index', ids);
    if (waiting.length === 0) return 'done';
    // Before anything is written: what comes into a table that was emptied would hide that it was.
    if (await isWiped(client)) return 'wiped';
    const taken = upTo(waiting, CHUNK);
    await write(client, await readChanges(client, taken), words);
    await moveCheckpoints(client, 'index', taken);
    return taken.length < waiting.length || taken.at(-1)?.head !== waiting.at(-1)?.head ? 'more' : 'done';
  });

/** What has a text is put in, as it is now; what has none (recalled, or a system message) is taken out. */
export const write = async (client: Queryable, messages: Message[], words: WordStore): Promise<void> => {
  const texts = messages.filter(hasText);
  const gone = messages.filter((message) => !hasText(message));
  if (gone.length > 0) {
    await client.query({
      name: 'search-delete',
      text: `delete from search_message s using unnest($1::uuid[], $2::int[]) g(id, seq)
             where s.conversation_id = g.id and s.seq = g.seq`,
      values: [gone.map((message) => message.conversationId), gone.map((message) => message.seq)],
    });
  }
  if (texts.length === 0) return;
  await client.query({
    name: 'search-write',
    text: `insert into search_message as s (conversation_id, seq, rev, sender_id, at, tokens, codes)
           select * from unnest($1::uuid[], $2::int[], $3::int[], $4::uuid[], $5::timestamptz[], $6::tsvector[], $7::text[])
           on conflict (conversation_id, seq) do update
             set rev = excluded.rev, tokens = excluded.tokens, codes = excluded.codes`,
    values: columnsOf(texts),
  });
  await words.add(client, texts);
};

/** The columns of `search_message` for these messages, one array each. */
export const columnsOf = (messages: TextMessage[]): unknown[] => [
  messages.map((message) => message.conversationId),
  messages.map((message) => message.seq),
  messages.map(textRevOf),
  messages.map((message) => message.senderId),
  messages.map((message) => new Date(message.createdAt)),
  messages.map((message) => toTsvector(message.body, message.editedAt !== null)),
  messages.map((message) => codesOfMessage(message.body)),
];

/** Nothing of a deleted conversation. */
const dropDeleted = async (db: Db, ids: string[]): Promise<void> => {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'search-deleted',
    text: `select i as id from unnest($1::uuid[]) i where not exists (select 1 from conversation c where c.id = i)`,
    values: [ids],
  });
  if (rows.length === 0) return;
  const deleted = rows.map((row) => row.id);
  await db.pool.query(
    `with k as (delete from checkpoint where consumer = 'index' and conversation_id = any($1::uuid[]))
     delete from search_message where conversation_id = any($1::uuid[])`,
    [deleted],
  );
};
