import type { Context } from './context.ts';
import { withSearches } from './pending/search.ts';
import type { SearchesApi } from './ports.ts';

/** Asks for what is remembered of this person's searches. */
export class Searches {
  #busy = false;
  #again = false;

  constructor(
    readonly context: Context,
    readonly api: SearchesApi | null,
  ) {}

  /** One call at a time, and one more after it when asked meanwhile. Never rejects. */
  async refresh(): Promise<void> {
    const { api } = this;
    this.#again = true;
    if (!api || this.#busy) return;
    this.#busy = true;
    while (this.#again && this.context.running()) {
      this.#again = false;
      try {
        const found = await api.list();
        const { store } = this.context;
        if (this.context.running()) store.set(withSearches(store.model, found));
      } catch (error) {
        // Requested again after a reconnect; until then it stays unchanged.
        this.context.failed(error);
      }
    }
    this.#busy = false;
  }
}
