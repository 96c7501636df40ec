import { type Consumer, type Db, MESSAGE_COLUMNS, type MessageRow, toMessage } from '@lockstep/db';
import type { Message } from '@lockstep/protocol';
import { writeState } from '../health.ts';
import type { Difference, OnProgress, VerifyOptions, VerifyResult } from '../port.ts';
import { hasText, type TextMessage } from '../text/index.ts';
import type { MeiliFeed } from './apply.ts';
import { type MeiliClient, MeiliError } from './client.ts';
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
  db: Db,
  client: MeiliClient,
  path: string,
  consumer: Consumer,
  feed: MeiliFeed,
  { repair = false, onProgress, onDifference, signal }: VerifyOptions,
): Promise<VerifyResult> => {
  const result: VerifyResult = { conversations: 0, messages: 0, differences: 0 };
  const tasks: number[] = [];
  for await (const run of runsOf(db, consumer, false, signal)) {
    const { messages, from } = run;
    const differences = compare(run, await documentsOf(client, path, run));
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
  await writeState(db, 'meilisearch', {
    verifiedAt: new Date(),
    differences: repair ? 0 : result.differences,
  });
  return result;
};

/** Sends every message again, in place: whoever searches meanwhile finds what is there. */
export const rebuild = async (
  db: Db,
  client: MeiliClient,
  path: string,
  consumer: Consumer,
  feed: MeiliFeed,
  { onProgress, signal }: { onProgress?: OnProgress | undefined; signal?: AbortSignal | undefined },
): Promise<void> => {
  const tasks: number[] = [];
  for await (const run of runsOf(db, consumer, true, signal)) {
    const extra = compare(run, await documentsOf(client, path, run)).filter(({ kind }) => kind === 'extra');
    if (extra.length > 0) tasks.push(await feed.remove(extra));
    tasks.push(...(await feed.put(run.messages)));
    onProgress?.(run.messages.length);
  }
  await untilDone(feed, tasks, signal);
  await writeState(db, 'meilisearch', { builtAt: new Date(), verifiedAt: new Date(), differences: 0 });
};

const compare = ({ conversationId, messages, changed }: Run, documents: MeiliDocument[]): Difference[] => {
  const has = new Map(documents.map((document) => [document.seq, document]));
  const differences: Difference[] = [];
  for (const message of messages) {
    if (!hasText(message)) continue;
    const document = has.get(message.seq);
    has.delete(message.seq);
    const kind = !document ? 'missing' : document.rev !== message.rev ? 'stale' : differs(document, message);
    if (kind) differences.push({ conversationId, seq: message.seq, kind });
  }
  for (const seq of has.keys())
    if (!changed.has(seq)) differences.push({ conversationId, seq, kind: 'extra' });
  return differences;
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

const documentsOf = async (client: MeiliClient, path: string, { conversationId, from, to }: Run) => {
  const answer = await client.call<{ results: MeiliDocument[] }>('POST', `${path}/documents/fetch`, {
    filter: [`conversation = "${conversationId}"`, `seq >= ${from}`, `seq <= ${to}`],
    limit: CHUNK,
  });
  return answer?.results ?? [];
};

async function* runsOf(
  db: Db,
  consumer: Consumer,
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
      const messages = toHead ? all : all.filter((message) => message.rev <= rev);
      const changed = new Set(all.filter((message) => message.rev > rev).map(({ seq }) => seq));
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
