import type { Context } from './context.ts';
import type { PushSocket, Timer } from './ports.ts';

const SPACING_MS = 5_000;

/** Reports to the server how far this device has applied its inbox; the page of devices shows it. */
export class InboxCursorReporter {
  #socket: PushSocket | null = null;
  #reported = -1;
  #timer: Timer | null = null;

  constructor(readonly context: Context) {
    context.store.subscribe(() => this.#report());
  }

  /** Null while there is no socket; each new socket gets a report. */
  use(socket: PushSocket | null): void {
    this.#socket = socket;
    this.#reported = -1;
    this.#report();
  }

  #report() {
    const { store, clock } = this.context;
    if (!this.#socket || this.#timer !== null || !store.model.caughtUp || store.model.pos === this.#reported)
      return;
    this.#reported = store.model.pos;
    this.#socket.reportCursor(this.#reported);
    this.#timer = clock.setTimeout(() => {
      this.#timer = null;
      this.#report();
    }, SPACING_MS);
  }
}
