import { type ConsumerName, type Db, ensureCheckpoints, inTransaction } from '@lockstep/db';
import { hasText, type Message, stateOf } from '@lockstep/protocol';
import { lockWaiting, moveCheckpoints, readChanges, upTo, type Waiting } from '../changes.ts';
import { WordStore } from '../words.ts';
import { type MeiliClient, MeiliError } from './client.ts';
import { documentId, toDocument } from './documents.ts';

/** Changes in one batch at most. */
const CHUNK = 5_000;
/** Batches that may be under way: what comes meanwhile travels together in the next one. */
const UNDER_WAY = 2;
/** Between two looks at what is under way, in ms. */
const LOOK_MS = 50;

interface Batch {
  tasks: number[];
  /** Where the checkpoints go once the tasks are done. */
  reached: Waiting[];
}

/**
 * Feeds changes to Meilisearch in batches and moves the checkpoints afterwards. Nothing is lost if Meilisearch loses
 * tasks.
 */
export class MeiliFeed {
  #batches: Batch[] = [];
  readonly #words = new WordStore();

  constructor(
    readonly db: Db,
    readonly client: MeiliClient,
    readonly path: string,
    readonly consumer: ConsumerName,
  ) {}

  /** Resends what was under way. */
  forget(): void {
    this.#batches = [];
    this.#words.forget();
  }

  async apply(conversationIds: string[]): Promise<void> {
    const ids = [...new Set(conversationIds)].sort();
    await ensureCheckpoints(this.db.pool, this.consumer, ids);
    await this.settle();
    if (this.#batches.length < UNDER_WAY && (await this.#send(ids))) return;
    if (this.#batches.length > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    await this.settle();
  }

  /** Sends messages as they are now; what has no text is taken out. Returns the tasks. */
  async put(messages: Message[]): Promise<number[]> {
    const texts = messages.filter(hasText);
    const gone = messages.filter((message) => !hasText(message) && stateOf(message) !== 'system');
    const tasks: number[] = [];
    if (texts.length > 0) {
      const lines = texts.map((message) => JSON.stringify(toDocument(message))).join('\n');
      tasks.push(await this.client.enqueue('POST', `${this.path}/documents`, lines, 'application/x-ndjson'));
    }
    if (gone.length > 0) tasks.push(await this.remove(gone));
    return tasks;
  }

  remove(keys: { conversationId: string; seq: number }[]): Promise<number> {
    const ids = keys.map(({ conversationId, seq }) => documentId(conversationId, seq));
    return this.client.enqueue('POST', `${this.path}/documents/delete-batch`, ids);
  }

  /**
   * Under the lock of the checkpoints, so that of two workers the one that sends later has read later: an older text
   * never follows a newer one. True when something was sent.
   */
  #send(ids: string[]): Promise<boolean> {
    return inTransaction(this.db.pool, async (client) => {
      const waiting = (await lockWaiting(client, this.consumer, ids)).map((one) => this.#unsent(one));
      const taken = upTo(
        waiting.filter(({ rev, head }) => head > rev),
        CHUNK,
      );
      if (taken.length === 0) return false;
      const messages = await readChanges(client, taken);
      const tasks = await this.put(messages);
      await this.#words.add(client, messages.filter(hasText));
      this.#batches.push({ tasks, reached: taken });
      return true;
    }).catch((error) => {
      this.#words.forget();
      throw error;
    });
  }

  /** Without what is under way already. */
  #unsent(waiting: Waiting): Waiting {
    const sent = this.#batches.flatMap(({ reached }) => reached.filter(({ id }) => id === waiting.id));
    return { ...waiting, rev: Math.max(waiting.rev, ...sent.map(({ head }) => head)) };
  }

  /** Moves the checkpoints of what is done. A batch that failed is forgotten, with all after it, and sent again. */
  async settle(): Promise<void> {
    while (this.#batches.length > 0) {
      const [batch] = this.#batches as [Batch];
      const state = await this.stateOf(batch.tasks);
      if (state === 'waits') return;
      if (state !== 'done') {
        this.forget();
        throw new MeiliError('task_failed', state.failed);
      }
      await moveCheckpoints(this.db.pool, this.consumer, batch.reached);
      this.#batches.shift();
    }
  }

  async stateOf(uids: number[]): Promise<'waits' | 'done' | { failed: string }> {
    if (uids.length === 0) return 'done';
    const tasks = await this.client.tasks(uids);
    const failed = tasks.find(({ status }) => status === 'failed' || status === 'canceled');
    if (failed) return { failed: failed.error?.message ?? `task ${failed.uid} was ${failed.status}` };
    // An unknown task was lost with the index.
    if (tasks.length < uids.length) return { failed: 'Meilisearch does not know the batch any more' };
    return tasks.every(({ status }) => status === 'succeeded') ? 'done' : 'waits';
  }
}
