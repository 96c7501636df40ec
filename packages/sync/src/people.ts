import { LIMITS, type PeopleChanges, type PeopleEvent, type Person } from '@lockstep/protocol';
import type { Context } from './context.ts';
import type { Model } from './model.ts';
import { codeOf, isTransient, waitFor } from './retry.ts';

/** Nobody of this id was there: asked for again after this, in ms. */
const AGAIN_MS = 5 * 60_000;

/** What names people waits this long for them, in ms: a text without its name is better than none. */
const WAIT_MS = 8_000;

/** People who are waited for at a time at most: a text may mention many. */
const MOST = 4 * LIMITS.page;

interface Wanted {
  /** Resolves when the server has answered, or could not. */
  done: Promise<void>;
  end(): void;
}

/** Names and pictures: those asked for in one tick travel together, at most LIMITS.page a call. */
export class People {
  readonly #askedAt = new Map<string, number>();
  /** Not known, and to be asked for or asked for. */
  readonly #wanted = new Map<string, Wanted>();
  #unasked = new Set<string>();
  #scheduled = false;
  #attempt = 0;

  constructor(readonly context: Context) {}

  /** Whoever is known stays up to date by the changes. */
  need(userIds: readonly string[]): void {
    const { clock } = this.context;
    const old = clock.monotonic() - AGAIN_MS;
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
   * Sees to it that these people (MOST of them at most) are known, for what is about to be shown. Null when they are;
   * otherwise resolves once the server has answered or could not, WAIT_MS at most. Never rejects.
   */
  bring(userIds: readonly string[]): Promise<void> | null {
    const unknown = [...new Set(userIds)].filter((id) => !this.#isKnown(id)).slice(0, MOST);
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

  /** Asks for those not known yet, also by another answer meanwhile; also after a connection is back. */
  flush(): void {
    if (!this.context.running()) return;
    const ids: string[] = [];
    for (const id of this.#unasked)
      if (this.#isKnown(id)) this.#arrived(id);
      else ids.push(id);
    this.#unasked = new Set();
    for (let i = 0; i < ids.length; i += LIMITS.page) void this.#fetch(ids.slice(i, i + LIMITS.page));
  }

  /** Applies what an answer says of the changes, and gets the rest. Rejects as the calls do; the cursor stays then. */
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

  /** Everybody who is held, as they are now. */
  async #refetch() {
    const { store, transport } = this.context;
    const ids = [...store.model.people.keys()];
    for (let i = 0; i < ids.length; i += LIMITS.page) {
      const found = await transport.people(ids.slice(i, i + LIMITS.page));
      const people = new Map(store.model.people);
      // The server may have been put back to an earlier time: what it says now counts, whatever `rev` is held.
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
      // Who waits for them waits on, within WAIT_MS.
      if (isTransient(codeOf(error))) {
        clock.setTimeout(() => this.flush(), waitFor(error, this.#attempt++, random));
        return;
      }
    }
    for (const one of asked) one?.end();
  }
}

/** Of two states of a person the newer counts, whichever comes first. What an earlier version stored has no `rev`. */
export const withPeople = (model: Model, found: readonly Person[]): Model => {
  const newer = found.filter(({ id, rev = 0 }) => rev >= (model.people.get(id)?.rev ?? 0));
  if (newer.length === 0) return model;
  const people = new Map(model.people);
  for (const person of newer) people.set(person.id, person);
  return { ...model, people };
};

/** Changes by a push or an answer. The cursor moves only where nothing lies between. */
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
