import { LIMITS, type PeopleChanges, type PeopleEvent, type Person } from '@lockstep/protocol';
import type { Context } from './context.ts';
import type { Model } from './model.ts';
import { codeOf, isTransient, waitFor } from './retry.ts';

/** An unknown id is requested again after this time, in ms. */
const RETRY_UNKNOWN_MS = 5 * 60_000;

/** How long content waits for the names of its people, in ms: a text without a name is better than none. */
const WAIT_MS = 8_000;

/** Most people waited for at a time: a text may mention many. */
const MAX_WAITED_FOR = 4 * LIMITS.page;

interface Wanted {
  /** Resolves when the server has answered, or could not. */
  done: Promise<void>;
  end(): void;
}

/** Names and pictures of people; requests of one tick are batched, at most LIMITS.page a call. */
export class People {
  readonly #askedAt = new Map<string, number>();
  /** People who are not known and are queued or requested. */
  readonly #wanted = new Map<string, Wanted>();
  #unasked = new Set<string>();
  #scheduled = false;
  #attempt = 0;

  constructor(readonly context: Context) {}

  /** Known people are kept up to date by changes. */
  need(userIds: readonly string[]): void {
    const { clock } = this.context;
    const old = clock.monotonic() - RETRY_UNKNOWN_MS;
    for (const id of userIds)
      if (
        !this.#isKnown(id) &&
        !this.#wanted.has(id) &&
        (this.#askedAt.get(id) ?? Number.NEGATIVE_INFINITY) <= old
      )
        this.#want(id);
    if (this.#unasked.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    clock.setTimeout(() => {
      this.#scheduled = false;
      this.flush();
    }, 0);
  }

  /**
   * Fetches those of these people (MOST at most) who are not known, for content about to be shown. Null if all are
   * known; otherwise resolves once the server has answered or failed, after WAIT_MS at most. Never rejects.
   */
  fetchMissing(userIds: readonly string[]): Promise<void> | null {
    const unknown = [...new Set(userIds)].filter((id) => !this.#isKnown(id)).slice(0, MAX_WAITED_FOR);
    if (unknown.length === 0) return null;
    this.need(unknown);
    const answers = unknown.flatMap((id) => this.#wanted.get(id)?.done ?? []);
    if (answers.length === 0 || this.context.store.model.connection === 'offline') return null;
    const { clock } = this.context;
    return new Promise((resolve) => {
      const timer = clock.setTimeout(resolve, WAIT_MS);
      void Promise.all(answers).then(() => {
        clock.clearTimeout(timer);
        resolve();
      });
    });
  }

  #isKnown(id: string) {
    return this.context.store.model.people.has(id);
  }

  #want(id: string) {
    let end = () => {};
    const done = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#wanted.set(id, { done, end });
    this.#unasked.add(id);
  }

  #arrived(id: string) {
    this.#wanted.get(id)?.end();
    this.#wanted.delete(id);
  }

  /** Requests people who are still unknown; also called after a reconnect. */
  flush(): void {
    if (!this.context.running()) return;
    const ids: string[] = [];
    for (const id of this.#unasked)
      if (this.#isKnown(id)) this.#arrived(id);
      else ids.push(id);
    this.#unasked = new Set();
    for (let i = 0; i < ids.length; i += LIMITS.page) void this.#fetch(ids.slice(i, i + LIMITS.page));
  }

  /** Applies the changes of an answer and fetches the rest. Rejects as the calls do; then the cursor does not move. */
  async catchUp(first: PeopleChanges): Promise<void> {
    const { store, transport } = this.context;
    let page = first;
    const { after } = first;
    if (after !== null && store.model.peopleRev === null) store.set({ ...store.model, peopleRev: after });
    for (;;) {
      if (page.reset) {
        await this.#refetch();
        store.set({ ...store.model, peopleRev: page.to });
        return;
      }
      store.set(withChanges(store.model, page));
      if (!page.more) return;
      page = await transport.peopleChanges(page.to, LIMITS.page);
    }
  }

  /** Fetches the current state of everybody who is held. */
  async #refetch() {
    const { store, transport } = this.context;
    const ids = [...store.model.people.keys()];
    for (let i = 0; i < ids.length; i += LIMITS.page) {
      const found = await transport.people(ids.slice(i, i + LIMITS.page));
      const people = new Map(store.model.people);
      // The server may have been restored to an earlier state, so its answer counts whatever `rev` is held.
      for (const person of found) people.set(person.id, person);
      store.set({ ...store.model, people });
    }
  }

  async #fetch(ids: string[]) {
    const { store, transport, clock, random, failed } = this.context;
    for (const id of ids) this.#askedAt.set(id, clock.monotonic());
    const asked = ids.map((id) => this.#wanted.get(id));
    try {
      const found = await transport.people(ids);
      store.set(withPeople(store.model, found));
      for (const id of ids) this.#wanted.delete(id);
      this.#attempt = 0;
    } catch (error) {
      failed(error);
      for (const id of ids) {
        this.#askedAt.delete(id);
        this.#unasked.add(id);
      }
      // Callers keep waiting, up to WAIT_MS.
      if (isTransient(codeOf(error))) {
        clock.setTimeout(() => this.flush(), waitFor(error, this.#attempt++, random));
        return;
      }
    }
    for (const one of asked) one?.end();
  }
}

/** The newer state of a person wins, in any order. Data stored by an earlier version has no `rev`. */
export const withPeople = (model: Model, found: readonly Person[]): Model => {
  const newer = found.filter(({ id, rev = 0 }) => rev >= (model.people.get(id)?.rev ?? 0));
  if (newer.length === 0) return model;
  const people = new Map(model.people);
  for (const person of newer) people.set(person.id, person);
  return { ...model, people };
};

/** Applies changes from a push or an answer. The cursor moves only if there is no gap. */
export const withChanges = (
  model: Model,
  { after, people, to }: Pick<PeopleChanges, 'after' | 'people' | 'to'> | PeopleEvent,
): Model => {
  const next = withPeople(model, people);
  const { peopleRev } = model;
  if (after === null) return { ...next, peopleRev: peopleRev ?? to };
  if (peopleRev === null || after > peopleRev || to <= peopleRev) return next;
  return { ...next, peopleRev: to };
};
