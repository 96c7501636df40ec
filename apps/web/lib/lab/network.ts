import { type Faults, FaultyLink, LOSSY, NO_FAULTS, SLOW } from '@lockstep/sync/faults';
import type { Mode } from './messages.ts';

/** A Socket.IO event, in Engine.IO's framing. Handshake and pings begin otherwise. */
const EVENT = '42';

const FAULTS: Partial<Record<Mode, Faults>> = { slow: SLOW, lossy: LOSSY };

/**
 * Stands between this page and the network, as long as the page lives. Sockets that were open before it came are not
 * its: have the engine open a new one.
 */
export class LabNetwork {
  mode: Mode = 'online';
  readonly #link = new FaultyLink();
  readonly #sockets = new Map<WebSocket, (deliver: () => void) => void>();
  /** Calls of a device that sleeps: they go on when it wakes. */
  #sleepers: (() => void)[] = [];

  constructor() {
    this.#wrapFetch();
    this.#wrapSocket();
  }

  set(mode: Mode): void {
    this.mode = mode;
    this.#link.up = mode !== 'offline';
    this.#link.network.faults = FAULTS[mode] ?? NO_FAULTS;
    if (mode !== 'asleep') for (const wake of this.#sleepers.splice(0)) wake();
    // As far as this device is concerned: the server finds out later.
    if (this.#isOut) for (const socket of this.#sockets.keys()) socket.close();
  }

  get #isOut(): boolean {
    return this.mode === 'offline' || this.mode === 'asleep';
  }

  #wrapFetch() {
    const real = window.fetch.bind(window);
    window.fetch = async (...call) => {
      if (this.mode === 'asleep') await new Promise<void>((wake) => this.#sleepers.push(wake));
      return this.#link.call(String(call[0]), () => real(...call));
    };
  }

  /**
   * On the prototype: Engine.IO keeps the class that it found when it was loaded, which is before this one. It sets
   * `onopen` right after it has made a socket.
   */
  #wrapSocket() {
    const network = this;
    const real = {
      open: setterOf('onopen'),
      message: setterOf('onmessage'),
    };
    Object.defineProperties(WebSocket.prototype, {
      onopen: {
        ...real.open,
        set(this: WebSocket, handle: WebSocket['onopen']) {
          real.open.set.call(this, handle);
          network.#adopt(this);
        },
      },
      onmessage: {
        ...real.message,
        set(this: WebSocket, handle: WebSocket['onmessage']) {
          real.message.set.call(
            this,
            handle &&
              ((event: MessageEvent) => network.#deliver(this, event, () => handle.call(this, event))),
          );
        },
      },
    });
  }

  /** A socket without network is one that closes at once, as a browser's own does. */
  #adopt(socket: WebSocket) {
    this.#sockets.set(socket, this.#link.pushes());
    socket.addEventListener('close', () => this.#sockets.delete(socket));
    if (this.#isOut) socket.close();
  }

  #deliver(socket: WebSocket, { data }: MessageEvent, deliver: () => void) {
    const push = this.#sockets.get(socket);
    if (push && typeof data === 'string' && data.startsWith(EVENT)) push(deliver);
    else deliver();
  }
}

const setterOf = (name: 'onopen' | 'onmessage') => {
  const property = Object.getOwnPropertyDescriptor(WebSocket.prototype, name);
  if (!property?.set) throw new Error(`lab: WebSocket has no ${name}`);
  return { ...property, set: property.set };
};
