import type { ReadyEvent } from '@lockstep/protocol';
import type { Context } from './context.ts';
import type { PushHandlers, PushSocket, Timer } from './ports.ts';
import { backoff, codeOf } from './retry.ts';
import { type Connection, type EndedBecause, endedBecause, type SyncState } from './types.ts';

/** A socket that is not `ready` within this time is closed, in ms. */
const READY_MS = 15_000;
/** First poll when no socket comes up, and those after it, while HTTP may still work. */
const FIRST_POLL_MS = 4_000;
const POLL_MS = 12_000;
/**
 * The first attempt after a loss is spread over this time, because a server restart disconnects everybody at once. In
 * ms.
 */
const FIRST_RETRY_MS = 2_000;
/** While online: a push may have been lost without anyone noticing (rule 9). */
const SWEEP_MS = 60_000;
/** A wake-up within this time after a catch-up does not cause another one. */
const WAKE_MS = 5_000;
/** A wake-up does not restart an attempt that began within this time. */
const FRESH_MS = 2_000;

type Push = Omit<PushHandlers, 'ready' | 'closed' | 'ended' | 'reconnect'>;

/** Keeps one socket up, and calls for a catch-up whenever something may have been missed. */
export class Link {
  #socket: PushSocket | null = null;
  /** Under way while the server has asked to reconnect; the socket in use stays until this one is ready. */
  #next: PushSocket | null = null;
  #attempt = 0;
  #failures = 0;
  #caughtUpAt = 0;
  /** The last catch-up succeeded. */
  #callsWork = false;
  /** When the attempt under way began. */
  #connectedAt = 0;
  /** The server's clock minus this device's clock, in ms, at the last `ready`. */
  aheadMs = 0;
  #timers: { reconnect?: Timer; ready?: Timer; poll?: Timer; move?: Timer } = {};

  constructor(
    readonly context: Context,
    readonly push: Push,
    /** Rejects when the server could not be reached. */
    readonly catchUp: () => Promise<void>,
    /** With the socket once it is ready, and null when it is lost. */
    readonly onSocket: (socket: PushSocket | null) => void,
    readonly onEnded: (because: EndedBecause) => void,
  ) {}

  start(): void {
    this.#connect();
    this.#pollAfter(FIRST_POLL_MS);
  }

  stop(): void {
    for (const timer of Object.values(this.#timers)) this.context.clock.clearTimeout(timer);
    this.#timers = {};
    this.#drop();
  }

  wake(): void {
    if (this.#connection !== 'online') {
      if (this.#socket && this.#since(this.#connectedAt) < FRESH_MS) return;
      this.#attempt = 0;
      // An older attempt may have begun before there was a network: replace it.
      this.#drop();
      this.#connect();
    } else if (this.#since(this.#caughtUpAt) > WAKE_MS) this.#catchUpNow();
  }

  /** If the clock was set back, the time is treated as long ago. */
  #since(at: number): number {
    const ms = this.context.clock.now() - at;
    return ms < 0 ? Number.POSITIVE_INFINITY : ms;
  }

  suspend(): void {
    this.#callsWork = false;
    this.#block(null);
    this.#lost('offline');
  }

  #lost(next: Connection) {
    // The interval of an online device is too long now; polls that already run keep their rhythm.
    if (this.#connection === 'online') this.#pollAfter(FIRST_POLL_MS);
    this.#drop();
    this.#set(next);
    // Retrying cannot change the origin; it is tried again when the user comes back to the page.
    if (!this.#isOfOrigin) this.#reconnectLater();
  }

  get #isOfOrigin(): boolean {
    return this.context.store.model.blocked === 'origin';
  }

  #block(blocked: SyncState['blocked']) {
    const { store } = this.context;
    if (store.model.blocked !== blocked) store.set({ ...store.model, blocked });
  }

  get #connection(): Connection {
    return this.context.store.model.connection;
  }

  #set(connection: Connection) {
    const { store } = this.context;
    if (store.model.connection !== connection) store.set({ ...store.model, connection });
  }

  #drop() {
    this.context.clock.clearTimeout(this.#timers.move);
    for (const socket of [this.#socket, this.#next]) socket?.close();
    this.#socket = null;
    this.#next = null;
    this.onSocket(null);
  }

  #connect() {
    this.context.clock.clearTimeout(this.#timers.reconnect);
    this.#socket = this.#open();
  }

  /** The server stops soon and asked for it: connects anew, beside the socket in use, so that no push is missed. */
  #moveAfter(ms: number) {
    const { clock } = this.context;
    clock.clearTimeout(this.#timers.move);
    this.#timers.move = clock.setTimeout(() => {
      this.#next ??= this.#open();
    }, ms);
  }

  #open(): PushSocket {
    const { clock, random, transport } = this.context;
    clock.clearTimeout(this.#timers.ready);
    const callsWorked = this.#callsWork;
    const isInUse = () => this.#socket === socket;
    const isNext = () => this.#next === socket;
    const lost = () => {
      if (isNext()) {
        socket.close();
        this.#next = null;
        return this.#moveAfter(backoff(0, random));
      }
      if (!isInUse()) return;
      if (this.#next) {
        this.#socket = this.#next;
        this.#next = null;
        this.onSocket(null);
        this.#pollAfter(FIRST_POLL_MS);
        return this.#set('connecting');
      }
      // Calls succeeded both before and after the attempt.
      const { blocked } = this.context.store.model;
      if (callsWorked && this.#callsWork && this.#connection === 'offline' && !blocked)
        this.#block('sockets');
      clock.clearTimeout(this.#timers.ready);
      // A device that was online is reconnecting; one that never connected is offline.
      this.#lost(this.#connection === 'online' ? 'connecting' : 'offline');
    };
    const handlers: PushHandlers = {
      ...this.push,
      ready: (event) => {
        if (isNext()) {
          this.#socket?.close();
          this.#next = null;
          this.#socket = socket;
        }
        if (isInUse()) this.#ready(event, socket);
      },
      reconnect: ({ withinMs }) => isInUse() && this.#moveAfter(random() * withinMs),
      ended: ({ reason }) => (isInUse() || isNext()) && this.onEnded(endedBecause(reason)),
      closed: ({ unauthenticated, ended, code }) => {
        if (!isInUse() && !isNext()) return;
        if (code === 'wrong_origin') this.#block('origin');
        if (code === 'version_not_served') this.#block('version');
        if (unauthenticated) this.onEnded(endedBecause(ended));
        else lost();
      },
    };
    const socket = transport.connect(handlers);
    this.#connectedAt = clock.now();
    this.#timers.ready = clock.setTimeout(lost, READY_MS);
    return socket;
  }

  /** The socket is in all its rooms, so from here on nothing is missed; fetch everything up to here (rule 5). */
  #ready(event: ReadyEvent, socket: PushSocket) {
    this.aheadMs = event.serverTime - this.context.clock.now();
    this.context.clock.clearTimeout(this.#timers.ready);
    this.#attempt = 0;
    this.#block(null);
    this.#set('online');
    this.onSocket(socket);
    this.#catchUpNow();
  }

  #reconnectLater() {
    const { clock, random, running } = this.context;
    if (!running()) return;
    clock.clearTimeout(this.#timers.reconnect);
    const wait = backoff(this.#attempt++, random, FIRST_RETRY_MS);
    this.#timers.reconnect = clock.setTimeout(() => this.#connect(), wait);
  }

  /** Also the periodic catch-up of an online device, only less often. */
  #pollAfter(ms: number) {
    const { clock, random } = this.context;
    clock.clearTimeout(this.#timers.poll);
    this.#timers.poll = clock.setTimeout(() => this.#catchUpNow(), ms * (0.8 + 0.4 * random()));
  }

  #catchUpNow() {
    const { clock, random, running, failed } = this.context;
    if (!running()) return;
    clock.clearTimeout(this.#timers.poll);
    this.catchUp().then(
      () => {
        this.#failures = 0;
        this.#callsWork = true;
        this.#caughtUpAt = clock.now();
        if (this.context.store.model.blocked === 'version') this.#block(null);
        if (running()) this.#pollAfter(this.#connection === 'online' ? SWEEP_MS : POLL_MS);
      },
      (error) => {
        failed(error);
        this.#callsWork = false;
        if (this.context.store.model.blocked === 'sockets') this.#block(null);
        if (codeOf(error) === 'version_not_served') this.#block('version');
        if (!running()) return;
        const online = this.#connection === 'online';
        this.#pollAfter(online ? backoff(this.#failures++, random) : POLL_MS);
      },
    );
  }
}
