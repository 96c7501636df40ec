import { type Context, isNotFound } from './context.ts';
import { dropConversation, mergeEntry } from './entries.ts';
import { without } from './maps.ts';
import type { Timer } from './ports.ts';
import { codeOf, isTransient, waitFor } from './retry.ts';

/** Two fetches of one entry are at least this far apart, in ms. */
const SPACING_MS = 1_000;

interface Job {
  done: Promise<void>;
  again: boolean;
  /** Set while it waits because the server could not be reached. */
  backoff: Timer | null;
}

/**
 * Fetches single inbox entries: at most one per conversation is under way, and one more after it when asked
 * meanwhile. A requested entry counts as stale until the server has answered, because the cursors may have moved past
 * its changes.
 */
export class EntryRefresher {
  readonly #running = new Map<string, Job>();
  readonly #attempts = new Map<string, number>();

  constructor(readonly context: Context) {}

  /** Rejects as the call does; it is retried anyway. */
  refresh(conversationId: string): Promise<void> {
    const running = this.#running.get(conversationId);
    if (running) {
      running.again = true;
      return running.done;
    }
    const job: Job = { done: Promise.resolve(), again: false, backoff: null };
    this.#running.set(conversationId, job);
    job.done = this.#fetch(conversationId, job);
    return job.done;
  }

  /** Fetches immediately what waits for a backoff: the server can be reached again. */
  flush(): void {
    // Also applies to calls under way: they may fail only now, because of a network that is gone.
    this.#attempts.clear();
    for (const [id, { backoff }] of this.#running) {
      if (backoff === null) continue;
      this.context.clock.clearTimeout(backoff);
      this.#running.delete(id);
      this.refresh(id).catch(this.context.failed);
    }
  }

  async #fetch(id: string, job: Job): Promise<void> {
    const { store, transport, take } = this.context;
    const pos = store.model.entries.get(id)?.pos;
    try {
      const entry = await transport.entry(id);
      this.#free(id, job, SPACING_MS);
      this.#attempts.delete(id);
      store.set({ ...store.model, staleEntries: without(store.model.staleEntries, id) });
      take(id, mergeEntry(store.model, entry));
    } catch (error) {
      if (isTransient(codeOf(error))) {
        const attempt = this.#attempts.get(id) ?? 0;
        this.#attempts.set(id, attempt + 1);
        job.again = true;
        const ms = Math.max(SPACING_MS, waitFor(error, attempt, this.context.random));
        job.backoff = this.#free(id, job, ms);
      } else {
        // A refusal is an answer: what a push asks for next does not wait for the failures before it.
        this.#attempts.delete(id);
        this.#free(id, job, SPACING_MS);
      }
      if (isNotFound(error)) {
        const entry = store.model.entries.get(id);
        // An entry that came in the meantime is newer than this answer, or as old: only another answer tells.
        if (entry && entry.pos !== pos) job.again = true;
        else {
          const left = entry ? dropConversation(store.model, id, entry.pos) : store.model;
          store.set({ ...left, staleEntries: without(left.staleEntries, id) });
        }
      }
      throw error;
    }
  }

  #free(id: string, job: Job, ms: number): Timer {
    const { clock, running, failed } = this.context;
    return clock.setTimeout(() => {
      this.#running.delete(id);
      if (job.again && running()) this.refresh(id).catch(failed);
    }, ms);
  }
}
