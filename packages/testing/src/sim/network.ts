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
import { type Faults, FaultyLink, FaultyNetwork, NO_FAULTS } from '@lockstep/sync/faults';
import type { VirtualClock } from './clock.ts';
import { streamOf } from './random.ts';

/** What a network does without a fault. */
export const FAIR: Faults = { ...NO_FAULTS, delayMs: 1, jitterMs: 20 };

/** What is at the other end. */
interface SimServer {
  /** Answers a call of this person. */
  call(userId: string, name: Name, input: unknown): Promise<unknown>;
  /** The conversations whose rooms a new socket of this person enters. */
  rooms(userId: string): Promise<string[]>;
}

interface MachineOptions {
  name: string;
  userId: string;
  seed: number;
  /** Stops while the machine sleeps, and for good with its end. */
  clock: Clock;
}

/** One tab of a browser: what a transport belongs to. */
export class Machine extends FaultyLink {
  readonly userId: string;

  constructor(network: SimNetwork, { name, userId, seed, clock }: MachineOptions) {
    super({
      name,
      network,
      random: streamOf(seed, name, 'net'),
      wire: network.clock,
      device: clock,
      refusal,
    });
    this.userId = userId;
  }
}

interface Line {
  machine: Machine;
  handlers: PushHandlers;
  rooms: Set<string>;
  /** Conversations left while the rooms were being looked up. */
  leftMeanwhile: Set<string>;
  push: (deliver: () => void) => void;
}

/**
 * Between engines and a server in one process, on a clock of its own: what goes wrong is decided by the seed. Its methods
 * `changes` to `ended` are the publisher that the server pushes through.
 */
export class SimNetwork extends FaultyNetwork {
  override faults: Faults = FAIR;
  readonly #lines = new Set<Line>();

  constructor(
    readonly server: SimServer,
    readonly clock: VirtualClock,
  ) {
    super();
  }

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
    line.push(() => this.#lines.has(line) && deliver(line.handlers));
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
      machine.device.setTimeout(() => line.handlers.closed({ unauthenticated: false }), ms);
    }
  }

  /** The server dies: calls under way end without an answer, sockets close. */
  kill(): void {
    this.up = false;
    this.epoch++;
    for (const machine of new Set([...this.#lines].map((line) => line.machine))) this.cut(machine);
  }

  // The ways

  /** A call from this machine; time stands still while the server works on it. */
  async call<T>(machine: Machine, name: string, work: () => Promise<T>): Promise<T> {
    return structuredClone(await machine.call(name, () => this.clock.hold(work())));
  }

  transport(machine: Machine): Transport {
    const calls = callsOver((_kind, name, input) =>
      this.call(machine, name, () => this.server.call(machine.userId, name, input)),
    );
    return transportOver(calls, (handlers) => this.#connect(machine, handlers));
  }

  #connect(machine: Machine, handlers: PushHandlers): PushSocket {
    const { device, userId } = machine;
    const line: Line = {
      ...{ machine, handlers, rooms: new Set<string>(), leftMeanwhile: new Set<string>() },
      push: machine.pushes(),
    };
    let open = true;
    const enter = async () => {
      if (!open) return;
      if (!machine.up || !this.up) {
        open = false;
        device.setTimeout(() => handlers.closed({ unauthenticated: false }), 0);
        return;
      }
      // The person's own room first, then those of the snapshot, then `ready` (rule 5).
      this.#lines.add(line);
      for (const id of await this.clock.hold(this.server.rooms(userId)))
        if (!line.leftMeanwhile.has(id)) line.rooms.add(id);
      this.trace(() => `${machine.name} socket ready`);
      const event = ready(userId, this.clock.now());
      device.setTimeout(() => this.#lines.has(line) && handlers.ready(event), machine.delay());
    };
    this.clock.setTimeout(() => void enter(), machine.delay());
    const close = () => {
      open = false;
      this.#lines.delete(line);
    };
    return { typing: () => {}, reportCursor: () => {}, watch: async () => [], close };
  }
}

const ready = (userId: string, serverTime: number): ReadyEvent => ({
  userId,
  sessionId: userId,
  serverTime,
  protocolVersion: PROTOCOL_VERSION,
});

/** What a dropped call ends with. */
const refusal = (kind: number): Error => {
  if (kind < 0.5) return new TypeError('fetch failed');
  if (kind < 0.8) return new LockstepError('unavailable');
  return new LockstepError('rate_limited', 'rate_limited', { retryAfterMs: 1_000 });
};
