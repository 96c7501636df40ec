import type { Context } from './context.ts';
import { mergeEntry, readLocally } from './entries.ts';
import { codeOf, isTransient, waitFor } from './faults.ts';
import { withoutKey } from './model.ts';
import type { Timer } from './ports.ts';

const DEBOUNCE_MS = 300;

/** Read positions: at once in the model, a little later and only the greatest to the server (rule 7). */
export class Reads {
  readonly #timers = new Map<string, Timer>();
  readonly #sending = new Set<string>();

  constructor(readonly context: Context) {}

  mark(conversationId: string, seq: number): void {
    const { store } = this.context;
    const next = readLocally(store.model, conversationId, seq);
    if (next === store.model) return;
    store.set(next);
    this.#later(conversationId, DEBOUNCE_MS, 0);
  }

  /** Tries at once what waits for a better time. */
  flush(): void {
    for (const id of this.context.store.model.reading.keys()) this.#later(id, 0, 0);
  }

  #later(id: string, ms: number, attempt: number) {
    const { clock } = this.context;
    if (this.#sending.has(id)) return;
    if (this.#timers.has(id) && attempt === 0 && ms > 0) return;
    clock.clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      clock.setTimeout(() => {
        this.#timers.delete(id);
        if (this.context.running()) void this.#send(id, attempt);
      }, ms),
    );
  }

  async #send(id: string, attempt: number) {
    const { store, transport, random, failed, take } = this.context;
    const seq = store.model.reading.get(id);
    if (seq === undefined) return;
    this.#sending.add(id);
    try {
      const entry = await transport.read(id, seq);
      this.#sending.delete(id);
      this.#confirm(id, seq);
      take(id, mergeEntry(store.model, entry));
      if (store.model.reading.has(id)) this.#later(id, DEBOUNCE_MS, 0);
    } catch (error) {
      this.#sending.delete(id);
      failed(error);
      if (isTransient(codeOf(error))) this.#later(id, waitFor(error, attempt, random), attempt + 1);
      else this.#confirm(id, Number.POSITIVE_INFINITY);
    }
  }

  #confirm(id: string, seq: number) {
    const { store } = this.context;
    const pending = store.model.reading.get(id);
    if (pending === undefined || pending > seq) return;
    store.set({ ...store.model, reading: withoutKey(store.model.reading, id) });
  }
}
