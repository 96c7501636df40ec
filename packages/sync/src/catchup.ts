import { type ChangePage, type InboxEntry, LIMITS, type TimelineCursor } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { mergeEntry } from './entries.ts';
import { type Applied, emptyModel, inBulk } from './model.ts';
import { withoutStored } from './model-changes.ts';
import { type People, withPeople } from './people.ts';
import type { PrefetchedChanges, Timelines } from './timelines.ts';

/** Timelines caught up at a time. */
const CONCURRENCY = 3;

/**
 * Brings everything up to date by pulls alone, in the order in which people look at it: first the list, then the
 * windows.
 */
export class CatchUp {
  #running: Promise<void> | null = null;
  #again = false;

  constructor(
    readonly context: Context,
    readonly timelines: Timelines,
    readonly people: People,
  ) {}

  /** Single flight: a call during a run causes one more run, so nothing that happened before the call is missed. */
  run(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#runAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #runAll() {
    do {
      this.#again = false;
      const prefetched = await this.#inbox();
      await this.#windows(prefetched);
      await this.#refreshStale();
    } while (this.#again && this.context.running());
  }

  /**
   * Pulls to the end of the inbox. If our cursor is ahead of the server's, the server answers from the start and the
   * state is rebuilt (rule 8); so it is, from an inbox asked for anew, if the server's data was restored since. Resolves
   * with the timeline changes that the answer contained.
   */
  async #inbox(): Promise<ReadonlyMap<string, PrefetchedChanges>> {
    const { store, transport } = this.context;
    for (let isRestored = false; ; ) {
      const after = store.model.pos;
      const cursors = this.timelines.cursors();
      const { people, peopleRev } = store.model;
      // People held without a cursor may have changed at any time.
      const known = peopleRev ?? (people.size > 0 ? 0 : null);
      const page = await transport.inbox(after, LIMITS.inboxPage, cursors, known);
      const { generation = store.model.generation } = page;
      if (generation !== store.model.generation) {
        const isNew = store.model.generation === undefined || (after === 0 && store.model.entries.size === 0);
        store.batch(() => {
          if (!isNew) this.#forget();
          store.set({ ...store.model, generation, pos: 0 });
        });
        isRestored = !isNew;
        if (isRestored) continue;
      }
      const prefetched = prefetchedOf(cursors, page.changes);
      store.batch(() => {
        if (page.to < after) this.#forget();
        store.set(withPeople(store.model, page.people));
        this.#take(page.entries, prefetched);
        store.set({ ...store.model, pos: page.to, caughtUp: store.model.caughtUp || !page.more });
      });
      if (page.peopleChanges) {
        const { peopleChanges } = page;
        await this.people.catchUp(isRestored ? { ...peopleChanges, reset: true } : peopleChanges);
        isRestored = false;
      }
      if (!page.more) return prefetched;
    }
  }

  /** What the server said before it was restored to an earlier state; pending commands stay. */
  #forget() {
    const { store } = this.context;
    const { inbox, entries, tallies, details, removed, staleEntries } = emptyModel('');
    // A draft with a version that the server no longer knows is kept only if it has not been sent yet.
    const drafts = new Map([...store.model.drafts].filter(([, draft]) => draft.pending));
    store.set({ ...store.model, inbox, entries, tallies, details, removed, staleEntries, drafts });
    // What it had carried out may be undone, and no window will ever show it.
    for (const id of store.model.stored.keys())
      store.set(withoutStored(store.model, id, [], Number.POSITIVE_INFINITY));
    this.timelines.forget();
  }

  #take(entries: readonly InboxEntry[], prefetched: ReadonlyMap<string, PrefetchedChanges>) {
    const { store, take } = this.context;
    const results: Applied[] = [];
    const merged = inBulk(store.model, (open) =>
      entries.reduce((model, entry) => {
        const applied = mergeEntry(model, entry);
        results.push(applied);
        return applied.model;
      }, open),
    );
    store.set(merged);
    results.forEach(({ pull, refresh }, i) => {
      const id = entries[i]?.conversation.id;
      if (!id) return;
      const missing = pull && !prefetched.has(id);
      if (missing || refresh) take(id, { model: store.model, pull: missing, refresh });
    });
  }

  /** Fetches the entries that a crash left stale, except those that the inbox has brought in the meantime. */
  async #refreshStale() {
    for (const id of this.context.store.model.staleEntries) {
      if (!this.context.running()) return;
      if (this.context.store.model.staleEntries.has(id))
        await this.context.refresh(id).catch(this.context.failed);
    }
  }

  async #windows(prefetched: ReadonlyMap<string, PrefetchedChanges>) {
    await Promise.all([...prefetched].map(([id, changes]) => this.timelines.pull(id, changes)));
    const [open, ...rest] = this.timelines.opened.filter((id) => !prefetched.has(id));
    if (open) await this.timelines.pull(open);
    const next = async (): Promise<void> => {
      const id = rest.shift();
      if (id === undefined) return;
      await this.timelines.pull(id);
      return next();
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, next));
  }
}

const prefetchedOf = (
  cursors: readonly TimelineCursor[],
  changes: readonly ChangePage[],
): Map<string, PrefetchedChanges> => {
  const asked = new Map(cursors.map(({ conversationId, afterRev }) => [conversationId, afterRev]));
  return new Map(
    changes.map((page) => [page.conversationId, { afterRev: asked.get(page.conversationId) ?? 0, page }]),
  );
};
