import { type Context, isNotFound } from './context.ts';
import { dropConversation, mergeEntry } from './entries.ts';
import { without } from './maps.ts';
import { codeOf, isTransient, waitFor } from './retry.ts';

/** Two fetches of one entry are at least this far apart, in ms. */
const SPACING_MS = 1_000;

interface Job {
  done: Promise<void>;
  again: boolean;
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
    const job: Job = { done: Promise.resolve(), again: false };
    this.#running.set(conversationId, job);
    job.done = this.#fetch(conversationId, job);
    return job.done;
  }

  async #fetch(id: string, job: Job): Promise<void> {
    const { store, transport, take } = this.context;
    try {
      const entry = await transport.entry(id);
      this.#free(id, job, SPACING_MS);
      this.#attempts.delete(id);
      store.set({ ...store.model, staleEntries: without(store.model.staleEntries, id) });
      take(id, mergeEntry(store.model, entry));
    } catch (error) {
      const attempt = this.#attempts.get(id) ?? 0;
      this.#attempts.set(id, attempt + 1);
      job.again ||= isTransient(codeOf(error));
      this.#free(id, job, Math.max(SPACING_MS, waitFor(error, attempt, this.context.random)));
      if (isNotFound(error)) {
        const entry = store.model.entries.get(id);
        const left = entry ? dropConversation(store.model, id, entry.pos) : store.model;
        store.set({ ...left, staleEntries: without(left.staleEntries, id) });
      }
      throw error;
    }
  }

  #free(id: string, job: Job, ms: number) {
    const { clock, running, failed } = this.context;
    clock.setTimeout(() => {
      this.#running.delete(id);
      if (job.again && running()) this.refresh(id).catch(failed);
    }, ms);
  }
}
