import type { ChangesEvent, InboxEntry, ReadyEvent, ReceiptEvent } from '@lockstep/protocol';
import { LockstepError, PROTOCOL_VERSION } from '@lockstep/protocol';
import type { Name } from '@lockstep/protocol/contract';
import {
  type Clock,
  callsOver,
  type PushHandlers,
  type PushSocket,
  type Transport,
  transportOver,
} from '@lockstep/sync';
import type { VirtualClock } from './clock.ts';
import { FAIR, Luck, type Weather } from './weather.ts';

/** What is at the other end. */
export interface SimServer {
  /** Answers a call of this person. */
  call(userId: string, name: Name, input: unknown): Promise<unknown>;
  /** The conversations whose rooms a new socket of this person enters. */
  rooms(userId: string): Promise<string[]>;
}

/** One tab of a browser: what a transport belongs to. */
export class Machine {
  readonly luck: Luck;
  up = true;
  /** Raised by whatever breaks calls that are under way. */
  epoch = 0;

  constructor(
    readonly name: string,
    readonly userId: string,
    seed: number,
    /** Stops while the machine sleeps, and for good with its end. */
    readonly clock: Clock,
  ) {
    this.luck = new Luck(seed, name);
  }
}

interface Line {
  machine: Machine;
  handlers: PushHandlers;
  rooms: Set<string>;
  /** Conversations left while the rooms were being looked up. */
  leftMeanwhile: Set<string>;
  /** No push of this line arrives before this, unless it overtakes. */
  busyUntil: number;
}

const gone = () => new TypeError('fetch failed');

/**
 * The network between engines and a server: loses, duplicates, delays, reorders and interrupts, all from the seed.
 * Its methods `changes` to `ended` are the publisher that the server pushes through.
 */
export class Network {
  weather: Weather = FAIR;
  /** False while the server is down. */
  up = true;
  epoch = 0;
  trace: (line: () => string) => void = () => {};
  /** The server's error, mapped as the API does. */
  refused: (error: unknown) => unknown = (error) => error;
  readonly #lines = new Set<Line>();

  constructor(
    readonly server: SimServer,
    readonly clock: VirtualClock,
  ) {}

  // The publisher

  changes = (event: ChangesEvent): void => {
    const copy = structuredClone(event);
    for (const line of this.#lines)
      if (line.rooms.has(event.conversationId)) this.#push(line, (handlers) => handlers.changes(copy));
  };

  inbox = (userId: string, entry: InboxEntry): void => {
    const copy = structuredClone(entry);
    this.#toPerson(userId, (handlers) => handlers.inbox({ entry: copy }));
  };

  receipt = (event: ReceiptEvent): void => {
    for (const line of this.#lines)
      if (line.rooms.has(event.conversationId)) this.#push(line, (handlers) => handlers.receipt(event));
  };

  joined = (conversationId: string, userIds: string[]): void => {
    for (const line of this.#lines) {
      if (!userIds.includes(line.machine.userId)) continue;
      line.leftMeanwhile.delete(conversationId);
      line.rooms.add(conversationId);
    }
  };

  left = (conversationId: string, userIds: string[]): void => {
    for (const line of this.#lines) {
      if (!userIds.includes(line.machine.userId)) continue;
      line.leftMeanwhile.add(conversationId);
      line.rooms.delete(conversationId);
    }
  };

  ended = ({ userId }: { userId: string }, reason: 'signed_out' | 'revoked'): void =>
    this.#toPerson(userId, (handlers) => handlers.ended({ reason }));

  #toPerson(userId: string, deliver: (handlers: PushHandlers) => void) {
    for (const line of this.#lines) if (line.machine.userId === userId) this.#push(line, deliver);
  }

  #push(line: Line, deliver: (handlers: PushHandlers) => void) {
    const { luck, clock } = line.machine;
    const { latencies, overtakes } = luck.push(this.weather);
    for (const latency of latencies) {
      const now = this.clock.now();
      const at = overtakes ? now + latency : Math.max(line.busyUntil, now + latency);
      line.busyUntil = Math.max(line.busyUntil, at);
      clock.setTimeout(() => this.#lines.has(line) && deliver(line.handlers), at - now);
    }
  }

  // Faults

  /** The machine's sockets break with a close event. */
  cut(machine: Machine): void {
    for (const line of this.#lines) {
      if (line.machine !== machine || !this.#lines.delete(line)) continue;
      line.handlers.closed({ unauthenticated: false });
    }
  }

  /** The machine's sockets break silently; the close event comes after `ms`, or never. */
  cutSilently(machine: Machine, ms: number | null): void {
    machine.epoch++;
    for (const line of this.#lines) {
      if (line.machine !== machine || !this.#lines.delete(line) || ms === null) continue;
      machine.clock.setTimeout(() => line.handlers.closed({ unauthenticated: false }), ms);
    }
  }

  /** The server dies: calls under way end without an answer, sockets close. */
  crash(): void {
    this.up = false;
    this.epoch++;
    for (const machine of new Set([...this.#lines].map((line) => line.machine))) this.cut(machine);
  }

  // The ways

  /** A call from this machine. Rejects as a transport does. */
  async call<T>(machine: Machine, name: string, work: () => T | Promise<T>): Promise<T> {
    const luck = machine.luck.call(this.weather);
    const broken = machine.epoch + this.epoch;
    // A step of its own, as with any network: nothing is refused within the call itself.
    if (!machine.up) {
      await this.#back(machine, 0);
      throw gone();
    }
    await this.clock.wait(luck.there);
    if (!this.up || luck.failsBefore) {
      this.trace(() => `${machine.name} ${name} does not arrive`);
      await this.#back(machine, luck.back);
      throw this.up ? refusal(luck.kind) : gone();
    }
    const outcome = await this.clock.hold(this.#settle(work));
    this.trace(() => `${machine.name} ${name} ${outcome.ok ? 'done' : (outcome.error as Error).message}`);
    await this.#back(machine, luck.back);
    if (broken !== machine.epoch + this.epoch || !machine.up || luck.failsAfter) throw gone();
    if (!outcome.ok) throw outcome.error;
    return structuredClone(outcome.value);
  }

  async #settle<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      return { ok: false, error: this.refused(error) };
    }
  }

  /** The answer arrives at the machine: during sleep only after it wakes, and never after a crash. */
  #back(machine: Machine, ms: number): Promise<void> {
    return new Promise((resolve) => machine.clock.setTimeout(resolve, ms));
  }

  transport(machine: Machine): Transport {
    const calls = callsOver((_kind, name, input) =>
      this.call(machine, name, () => this.server.call(machine.userId, name, input)),
    );
    return transportOver(calls, (handlers) => this.#connect(machine, handlers));
  }

  #connect(machine: Machine, handlers: PushHandlers): PushSocket {
    const { clock, luck, userId } = machine;
    const line: Line = { machine, handlers, rooms: new Set(), leftMeanwhile: new Set(), busyUntil: 0 };
    let open = true;
    const enter = async () => {
      if (!open) return;
      if (!machine.up || !this.up) {
        open = false;
        clock.setTimeout(() => handlers.closed({ unauthenticated: false }), 0);
        return;
      }
      // The person's own room first, then those of the snapshot, then `ready` (rule 5).
      this.#lines.add(line);
      for (const id of await this.clock.hold(this.server.rooms(userId)))
        if (!line.leftMeanwhile.has(id)) line.rooms.add(id);
      this.trace(() => `${machine.name} socket ready`);
      const event = ready(userId, this.clock.now());
      clock.setTimeout(() => this.#lines.has(line) && handlers.ready(event), luck.latency(this.weather));
    };
    this.clock.setTimeout(() => void enter(), luck.latency(this.weather));
    const close = () => {
      open = false;
      this.#lines.delete(line);
    };
    return { typing: () => {}, place: () => {}, watch: async () => [], close };
  }
}

const ready = (userId: string, serverTime: number): ReadyEvent => ({
  userId,
  sessionId: userId,
  serverTime,
  protocolVersion: PROTOCOL_VERSION,
});

type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** The error of a call that never reached the server. */
const refusal = (kind: number): Error => {
  if (kind < 0.5) return gone();
  if (kind < 0.8) return new LockstepError('unavailable');
  return new LockstepError('rate_limited', 'rate_limited', { retryAfterMs: 1_000 });
};
