import { type Context, isNotFound } from './context.ts';
import { leave, mergeEntry } from './entries.ts';

/** Two fetches of one entry are at least this far apart, in ms. */
const SPACING_MS = 1_000;

/** Fetches single inbox entries: at most one per conversation is under way, and one more after it when asked meanwhile. */
export class EntryRefresher {
  readonly #running = new Map<string, { done: Promise<void>; again: boolean }>();

  constructor(readonly context: Context) {}

  refresh(conversationId: string): Promise<void> {
    const running = this.#running.get(conversationId);
    if (running) {
      running.again = true;
      return running.done;
    }
    const job = { done: this.#fetch(conversationId), again: false };
    this.#running.set(conversationId, job);
    const { clock } = this.context;
    const free = () =>
      void clock.setTimeout(() => {
        this.#running.delete(conversationId);
        if (job.again && this.context.running())
          this.refresh(conversationId).catch((error) => this.context.failed(error));
      }, SPACING_MS);
    job.done.then(free, free);
    return job.done;
  }

  async #fetch(conversationId: string): Promise<void> {
    const { store, transport, take } = this.context;
    try {
      const entry = await transport.entry(conversationId);
      take(conversationId, mergeEntry(store.model, entry));
    } catch (error) {
      const entry = store.model.inbox.get(conversationId);
      if (isNotFound(error) && entry) store.set(leave(store.model, conversationId, entry.pos));
      throw error;
    }
  }
}
