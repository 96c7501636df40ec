import type { Mode } from './messages.ts';

/** Of `slow`, for each call and each push, in ms. */
const SLOW_MS = [400, 1_600] as const;
/** Of `lossy`: calls that never arrive, calls whose answer is lost, pushes that are dropped. */
const LOST = { requests: 0.25, answers: 0.15, pushes: 0.4 } as const;
/** A Socket.IO event, in Engine.IO's framing. Handshake and pings begin otherwise. */
const EVENT = '42';

/**
 * Stands between this page and the network, as long as the page lives. Sockets that were open before it came are not
 * its: have the engine open a new one.
 */
export class Weather {
  mode: Mode = 'online';
  readonly #sockets = new Set<WebSocket>();
  /** Calls of a device that sleeps: they go on when it wakes. */
  #sleepers: (() => void)[] = [];

  constructor(readonly random: () => number = Math.random) {
    this.#wrapFetch();
    this.#wrapSocket();
  }

  set(mode: Mode): void {
    this.mode = mode;
    if (mode !== 'asleep') for (const wake of this.#sleepers.splice(0)) wake();
    // As far as this device is concerned: the server finds out later.
    if (mode === 'offline' || mode === 'asleep') for (const socket of this.#sockets) socket.close();
  }

  #wrapFetch() {
    const real = window.fetch.bind(window);
    window.fetch = async (...call) => {
      await this.#passes();
      const answer = await real(...call);
      if (this.mode === 'lossy' && this.random() < LOST.answers)
        throw new TypeError('lab: the answer is lost');
      if (this.mode === 'offline') throw new TypeError('lab: offline');
      return answer;
    };
  }

  /** Resolves when a call may go; rejects when it is lost. */
  async #passes() {
    if (this.mode === 'asleep') await new Promise<void>((wake) => this.#sleepers.push(wake));
    if (this.mode === 'slow') await later(this.#delay());
    if (this.mode === 'offline') throw new TypeError('lab: offline');
    if (this.mode === 'lossy' && this.random() < LOST.requests) throw new TypeError('lab: the call is lost');
  }

  #delay(): number {
    return SLOW_MS[0] + this.random() * (SLOW_MS[1] - SLOW_MS[0]);
  }

  /**
   * On the prototype: Engine.IO keeps the class that it found when it was loaded, which is before this one. It sets
   * `onopen` right after it has made a socket.
   */
  #wrapSocket() {
    const weather = this;
    const real = {
      open: setterOf('onopen'),
      message: setterOf('onmessage'),
    };
    Object.defineProperties(WebSocket.prototype, {
      onopen: {
        ...real.open,
        set(this: WebSocket, handle: WebSocket['onopen']) {
          real.open.set.call(this, handle);
          weather.#adopt(this);
        },
      },
      onmessage: {
        ...real.message,
        set(this: WebSocket, handle: WebSocket['onmessage']) {
          real.message.set.call(
            this,
            handle && ((event: MessageEvent) => weather.#deliver(event, () => handle.call(this, event))),
          );
        },
      },
    });
  }

  /** A socket without network is one that closes at once, as a browser's own does. */
  #adopt(socket: WebSocket) {
    this.#sockets.add(socket);
    socket.addEventListener('close', () => this.#sockets.delete(socket));
    if (this.mode === 'offline' || this.mode === 'asleep') socket.close();
  }

  #deliver({ data }: MessageEvent, pass: () => void) {
    const isPush = typeof data === 'string' && data.startsWith(EVENT);
    if (this.mode === 'slow') setTimeout(pass, this.#delay());
    else if (this.mode !== 'lossy' || !isPush || this.random() >= LOST.pushes) pass();
  }
}

const later = (ms: number) => new Promise<void>((go) => setTimeout(go, ms));

const setterOf = (name: 'onopen' | 'onmessage') => {
  const property = Object.getOwnPropertyDescriptor(WebSocket.prototype, name);
  if (!property?.set) throw new Error(`lab: WebSocket has no ${name}`);
  return { ...property, set: property.set };
};
