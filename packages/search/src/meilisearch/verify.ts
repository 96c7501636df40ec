import { MESSAGE_COLUMNS, type MessageRow, toMessage } from '@lockstep/db';
import { hasText, type Message, type TextMessage, textRevOf } from '@lockstep/protocol';
import { writeState } from '../health.ts';
import type { Difference, RebuildOptions, VerifyOptions, VerifyResult } from '../port.ts';
import type { MeiliFeed } from './apply.ts';
import { MeiliError } from './client.ts';
import { type MeiliDocument, toDocument } from './documents.ts';

/** Messages that are compared or sent at once. */
const CHUNK = 1_000;
const LOOK_MS = 100;

interface Run {
  conversationId: string;
  /** Up to the checkpoint. */
  messages: Message[];
  /** `seq` of those that have changed after it. */
  changed: Set<number>;
  from: number;
  to: number;
}

/** Compares document by document, and sends again what differs, where asked to. */
export const verify = async (
  feed: MeiliFeed,
  { repair = false, onProgress, onDifference, signal }: VerifyOptions,
): Promise<VerifyResult> => {
  const result: VerifyResult = { conversations: 0, messages: 0, differences: 0 };
  const tasks: number[] = [];
  for await (const run of runsOf(feed, false, signal)) {
    const { messages, from } = run;
    const differences = compare(run, await documentsOf(feed, run));
    if (from === 1) result.conversations++;
    result.messages += messages.length;
    result.differences += differences.length;
    for (const difference of differences) onDifference?.(difference);
    if (repair && differences.length > 0) {
      const extra = differences.filter(({ kind }) => kind === 'extra');
      if (extra.length > 0) tasks.push(await feed.remove(extra));
      const seqs = new Set(differences.map(({ seq }) => seq));
      tasks.push(...(await feed.put(messages.filter(({ seq }) => seqs.has(seq)))));
    }
    onProgress?.(messages.length);
  }
  await untilDone(feed, tasks, signal);
  await writeState(feed.db, 'meilisearch', {
    verifiedAt: new Date(),
    differences: repair ? 0 : result.differences,
  });
  return result;
};

/** Resends every message in place, so that concurrent searches keep finding the existing documents. */
export const rebuild = async (feed: MeiliFeed, { onProgress, signal }: RebuildOptions): Promise<void> => {
  const tasks: number[] = [];
  for await (const run of runsOf(feed, true, signal)) {
    const extra = extraOf(run, await documentsOf(feed, run));
    if (extra.length > 0) tasks.push(await feed.remove(extra));
    tasks.push(...(await feed.put(run.messages)));
    onProgress?.(run.messages.length);
  }
  await untilDone(feed, tasks, signal);
  await writeState(feed.db, 'meilisearch', { builtAt: new Date(), verifiedAt: new Date(), differences: 0 });
};

const compare = (run: Run, documents: MeiliDocument[]): Difference[] => {
  const { conversationId, messages } = run;
  const has = new Map(documents.map((document) => [document.seq, document]));
  const differences: Difference[] = [];
  for (const message of messages.filter(hasText)) {
    const document = has.get(message.seq);
    const kind = !document
      ? 'missing'
      : document.rev !== textRevOf(message)
        ? 'stale'
        : differs(document, message);
    if (kind) differences.push({ conversationId, seq: message.seq, kind });
  }
  return [...differences, ...extraOf(run, documents)];
};

/** Those that no message is behind of. */
const extraOf = ({ conversationId, messages, changed }: Run, documents: MeiliDocument[]): Difference[] => {
  const known = new Set(messages.filter(hasText).map(({ seq }) => seq));
  return documents
    .filter(({ seq }) => !known.has(seq) && !changed.has(seq))
    .map(({ seq }) => ({ conversationId, seq, kind: 'extra' }));
};

const differs = (document: MeiliDocument, message: TextMessage): 'different' | null => {
  const should = toDocument(message);
  return JSON.stringify(should) ===
    JSON.stringify({ ...should, ...pick(document, Object.keys(should) as (keyof MeiliDocument)[]) })
    ? null
    : 'different';
};

const pick = (document: MeiliDocument, keys: (keyof MeiliDocument)[]) =>
  Object.fromEntries(keys.map((key) => [key, document[key]]));

const documentsOf = async ({ client, path }: MeiliFeed, { conversationId, from, to }: Run) => {
  const answer = await client.call<{ results: MeiliDocument[] }>('POST', `${path}/documents/fetch`, {
    filter: [`conversation = "${conversationId}"`, `seq >= ${from}`, `seq <= ${to}`],
    limit: CHUNK,
  });
  return answer?.results ?? [];
};

async function* runsOf(
  { db, consumer }: MeiliFeed,
  toHead: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<Run> {
  const { rows } = await db.pool.query<{ id: string; head_seq: number; rev: number }>(
    `select c.id, c.head_seq, coalesce(k.rev, 0) as rev from conversation c
     left join checkpoint k on k.conversation_id = c.id and k.consumer = $1 order by c.id`,
    [consumer],
  );
  for (const { id: conversationId, head_seq, rev } of rows)
    for (let from = 1; from <= head_seq; from += CHUNK) {
      signal?.throwIfAborted();
      const to = Math.min(from + CHUNK - 1, head_seq);
      const found = await db.pool.query<MessageRow>(
        `select ${MESSAGE_COLUMNS} from message m where m.conversation_id = $1 and m.seq between $2 and $3`,
        [conversationId, from, to],
      );
      const all = found.rows.map(toMessage);
      const messages = toHead ? all : all.filter((message) => textRevOf(message) <= rev);
      const changed = new Set(all.filter((message) => textRevOf(message) > rev).map(({ seq }) => seq));
      yield { conversationId, messages, changed, from, to };
    }
}

const untilDone = async (
  feed: MeiliFeed,
  tasks: number[],
  signal: AbortSignal | undefined,
): Promise<void> => {
  for (let at = 0; at < tasks.length; at += 100)
    for (;;) {
      signal?.throwIfAborted();
      const state = await feed.stateOf(tasks.slice(at, at + 100));
      if (state === 'done') break;
      if (state !== 'waits') throw new MeiliError('task_failed', state.failed);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
};
