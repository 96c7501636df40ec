import type { Context } from './context.ts';
import type { PushSocket, Timer } from './ports.ts';

const SPACING_MS = 5_000;

/** Tells the server how far this device has applied its inbox, for the page of devices. */
export class Place {
  #socket: PushSocket | null = null;
  #told = -1;
  #timer: Timer | null = null;

  constructor(readonly context: Context) {
    context.store.subscribe(() => this.#tell());
  }

  /** Null while there is no socket; a new one is told anew. */
  use(socket: PushSocket | null): void {
    this.#socket = socket;
    this.#told = -1;
    this.#tell();
  }

  #tell() {
    const { store, clock } = this.context;
    if (!this.#socket || this.#timer !== null || !store.model.caughtUp || store.model.pos === this.#told)
      return;
    this.#told = store.model.pos;
    this.#socket.place(this.#told);
    this.#timer = clock.setTimeout(() => {
      this.#timer = null;
      this.#tell();
    }, SPACING_MS);
  }
}
