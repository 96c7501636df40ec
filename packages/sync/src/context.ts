import { type ChangesEvent, LockstepError, type Message } from '@lockstep/protocol';
import type { Applied, Model } from './model.ts';
import type { Clock, Transport } from './ports.ts';

/** Holds the current model and calls the listeners after each change. */
export class Store {
  #model: Model;
  #held = 0;
  #changed = false;
  readonly #listeners = new Set<() => void>();

  constructor(model: Model) {
    this.#model = model;
  }

  get model(): Model {
    return this.#model;
  }

  set(next: Model): void {
    if (next === this.#model) return;
    this.#model = next;
    if (this.#held > 0) this.#changed = true;
    else for (const listener of this.#listeners) listener();
  }

  /** Listeners are called once, with the last model that `run` sets. */
  batch<T>(run: () => T): T {
    this.#held++;
    try {
      return run();
    } finally {
      this.#held--;
      if (this.#held === 0 && this.#changed) {
        this.#changed = false;
        for (const listener of this.#listeners) listener();
      }
    }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** What the parts of an engine share. */
export interface Context {
  readonly store: Store;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  /** Stores a result of apply.ts or entries.ts and starts the fetches it needs. */
  take(conversationId: string, applied: Applied): void;
  /** Applies changes from the server, from a push or from the answer to a command. */
  push(event: ChangesEvent): void;
  /** The server has these messages, so those of them that were waiting to be sent have arrived. */
  acknowledge(messages: readonly Message[]): void;
  /** Fetches one inbox entry; coalesced. Rejects as the call does. */
  refresh(conversationId: string): Promise<void>;
  /** Catches the timeline up with changes after its `rev`; single flight. False when it could not. Never rejects. */
  pull(conversationId: string): Promise<boolean>;
  /** Fetches people who are not known yet: People.bring. */
  bring(userIds: readonly string[]): Promise<void> | null;
  /** Handles the error of a call; if the session has ended, the engine stops. */
  failed(error: unknown): void;
  /** False once stopped or ended: nothing new is to be started. */
  running(): boolean;
  /** Whether this tab sends the pending commands: it leads, or there are no other tabs. */
  isSender(): boolean;
  /** Something may have become pending: by another tab, or by an answer. */
  pending(): void;
  /** Resolves when the data stored by an earlier start is in the model. */
  readonly ready: Promise<void>;
}

export const isNotFound = (error: unknown): boolean =>
  error instanceof LockstepError && error.code === 'not_found';
