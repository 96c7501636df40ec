import type * as P from '@lockstep/protocol';
import { io, type Socket } from 'socket.io-client';

type Answer<T> = { result?: { data: T }; error?: { data: P.ErrorData } };

export class Refused extends Error {
  constructor(readonly data: P.ErrorData) {
    super(data.code);
  }
}

/** Codes after which the same call is made again. */
const AGAIN: P.ErrorCode[] = ['unavailable', 'internal', 'rate_limited', 'version_not_served'];

/** Version of the protocol that this client speaks. */
const PROTOCOL = 4;

const pause = (failures: number) => 100 + Math.random() * Math.min(30_000, 1_000 * 2 ** failures);

interface Handlers {
  getInStep(): Promise<void>;
  changes(event: P.ChangesEvent): void;
  inbox(entry: P.InboxEntry): void;
  people(event: P.PeopleEvent): void;
  ended(wipe: boolean): void;
}

/** The way to the server: calls that are repeated, a socket that comes back, one job of a kind at a time. */
export class Line {
  connection: 'offline' | 'online' | 'ended' = 'offline';
  readonly jobs = new Map<string, { again: boolean; done: Promise<void> }>();
  #life = new AbortController();
  #failures = 0;

  constructor(
    readonly url: string,
    readonly cookie: string,
    readonly handlers: Handlers,
  ) {
    this.#life.abort();
  }

  get open(): boolean {
    return !this.#life.signal.aborted;
  }

  start(): void {
    this.#life = new AbortController();
    this.#failures = 0;
    this.#connect(this.#life.signal);
    this.#poll(this.#life.signal);
  }

  /** As asleep: nothing runs, and the outcome of what is under way is unknown. */
  stop(): void {
    this.#life.abort(new Error('stopped'));
    this.jobs.clear();
    if (this.connection === 'online') this.connection = 'offline';
  }

  async ask<T>(procedure: string, input: object | null, post = false): Promise<T> {
    const { signal } = this.#life;
    const query = post || !input ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const headers = {
      cookie: this.cookie,
      'x-lockstep-protocol': String(PROTOCOL),
      ...(post && { 'content-type': 'application/json', origin: this.url }),
    };
    const request = { headers, signal, ...(post && { method: 'POST', body: JSON.stringify(input) }) };
    for (let failures = 0; ; failures++) {
      const answer = await fetch(`${this.url}/api/trpc/${procedure}${query}`, request)
        .then((response) => response.json() as Promise<Answer<T>>)
        .catch((): Answer<T> => ({}));
      signal.throwIfAborted();
      if (answer.result) return answer.result.data;
      const data = answer.error?.data ?? { code: 'unavailable' };
      if (data.code === 'unauthenticated') this.#end(data.ended === 'revoked');
      if (!AGAIN.includes(data.code)) throw new Refused(data);
      await new Promise((resolve) => setTimeout(resolve, data.retryAfterMs ?? pause(failures)));
    }
  }

  /** One of a kind at a time; asked for meanwhile, it runs once more. */
  run(key: string, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#life;
    const running = this.jobs.get(key);
    if (running) {
      running.again = true;
      return running.done;
    }
    const job = { again: false, done: Promise.resolve() };
    this.jobs.set(key, job);
    const loop = async () => {
      try {
        do {
          job.again = false;
          await work();
        } while (job.again);
      } catch (error) {
        if (!signal.aborted && !(error instanceof Refused)) throw error;
      } finally {
        if (this.jobs.get(key) === job) this.jobs.delete(key);
      }
    };
    job.done = loop();
    return job.done;
  }

  #connect(signal: AbortSignal): void {
    if (signal.aborted) return;
    const options = { path: '/socket.io', transports: ['websocket'], reconnection: false, forceNew: true };
    const extraHeaders = { cookie: this.cookie, origin: this.url };
    const socket: Socket<P.ServerToClientEvents> = io(this.url, {
      ...options,
      extraHeaders,
      auth: { protocol: PROTOCOL },
    });
    const lost = () => {
      if (signal.aborted) return;
      this.connection = 'offline';
      setTimeout(() => this.#connect(signal), pause(this.#failures++));
    };
    signal.addEventListener('abort', () => socket.disconnect());
    socket.on('disconnect', lost);
    socket.on('connect_error', (error: Error & { data?: P.ErrorData }) => {
      if (error.data?.code === 'unauthenticated') this.#end(error.data.ended === 'revoked');
      else lost();
    });
    socket.on('ready', () => {
      this.#failures = 0;
      this.connection = 'online';
      void this.handlers.getInStep();
    });
    socket.on('changes', (events) => {
      for (const event of events) this.handlers.changes(event);
    });
    socket.on('inbox', ({ entry }) => this.handlers.inbox(entry));
    socket.on('people', (event) => this.handlers.people(event));
    socket.on('ended', ({ reason }) => this.#end(reason === 'signed_out' || reason === 'revoked'));
  }

  #poll(signal: AbortSignal): void {
    const again = () => this.handlers.getInStep().then(() => this.#poll(signal));
    const timer = setTimeout(again, this.connection === 'online' ? 60_000 : 10_000);
    signal.addEventListener('abort', () => clearTimeout(timer));
  }

  #end(wipe: boolean): void {
    this.stop();
    this.connection = 'ended';
    this.handlers.ended(wipe);
  }
}
