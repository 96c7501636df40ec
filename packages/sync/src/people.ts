import { LIMITS, type Person } from '@lockstep/protocol';
import type { Context } from './context.ts';
import type { Model } from './model.ts';

/** A person is asked for again after this, in ms, when someone needs them: names change without an event. */
const FRESH_MS = 5 * 60_000;

/** Names and pictures: those asked for in one tick travel together, at most LIMITS.page a call. */
export class People {
  readonly #askedAt = new Map<string, number>();
  #wanted = new Set<string>();
  #scheduled = false;

  constructor(readonly context: Context) {}

  need(userIds: readonly string[]): void {
    const { clock } = this.context;
    const old = clock.now() - FRESH_MS;
    for (const id of userIds) if ((this.#askedAt.get(id) ?? 0) <= old) this.#wanted.add(id);
    if (this.#wanted.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    clock.setTimeout(() => {
      this.#scheduled = false;
      this.flush();
    }, 0);
  }

  /** Asks for those not known yet; also after a connection is back. */
  flush(): void {
    if (!this.context.running()) return;
    const ids = [...this.#wanted];
    this.#wanted = new Set();
    for (let i = 0; i < ids.length; i += LIMITS.page) void this.#fetch(ids.slice(i, i + LIMITS.page));
  }

  async #fetch(ids: string[]) {
    const { store, transport, clock, failed } = this.context;
    for (const id of ids) this.#askedAt.set(id, clock.now());
    try {
      const found = await transport.people(ids);
      store.set(withPeople(store.model, found));
    } catch (error) {
      failed(error);
      for (const id of ids) {
        this.#askedAt.delete(id);
        this.#wanted.add(id);
      }
    }
  }
}

export const withPeople = (model: Model, found: readonly Person[]): Model =>
  found.length === 0
    ? model
    : {
        ...model,
        people: new Map([...model.people, ...found.map((person) => [person.id, person] as const)]),
      };
