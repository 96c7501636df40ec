import { type Core, errorCodeOf, silentPublisher } from '@lockstep/core';
import { type ChangesEvent, LockstepError } from '@lockstep/protocol';
import { VirtualClock } from './clock.ts';
import { Ledger } from './ledger.ts';
import { SimNetwork } from './network.ts';
import { type Random, streamOf } from './random.ts';
import { Violation } from './violation.ts';
import { SimWorker } from './worker.ts';
import type { Answer, SimWorld } from './world.ts';

export interface StageOptions {
  seed?: number;
  /** How calls are answered; by default as the API answers them. */
  answer?: Answer;
  /** Told of everything that happens, in order. */
  trace?: (line: string) => void;
  /** Calls that the database may get at once. Above 0, a run cannot be repeated exactly. */
  looseness?: number;
  /** From a change to its fan-out, in ms at most. */
  fanOutMs?: number;
}

/** The real server and its worker in this process, with a clock and a network of their own: what devices are put on. */
export class Stage {
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  readonly ledger: Ledger;
  readonly worker: SimWorker;
  readonly random: (name: string) => Random;
  readonly #trace: StageOptions['trace'];
  #fault: unknown = null;

  constructor(
    readonly world: SimWorld,
    { seed = 1, answer = world.call, trace, looseness = 0, fanOutMs = 0 }: StageOptions = {},
  ) {
    this.#trace = trace;
    this.random = (name) => streamOf(seed, name);
    this.clock = new VirtualClock(looseness);
    this.ledger = new Ledger(looseness > 0);
    this.network = new SimNetwork(
      {
        call: async (userId, name, input) => {
          try {
            return await answer(userId, name, input);
          } catch (error) {
            throw this.#refused(error);
          }
        },
        rooms: async (userId) => {
          const { rows } = await this.core.db.pool.query<{ id: string }>(ROOMS, [userId]);
          return rows.map((row) => row.id);
        },
      },
      this.clock,
    );
    this.network.trace = (line) => this.trace(line);
    this.worker = new SimWorker(
      world.core,
      this.clock,
      this.random('worker'),
      () => this.ledger.ids,
      fanOutMs,
    );
  }

  get core(): Core {
    return this.world.core;
  }

  /** From now on the server pushes to this network and wakes this worker. */
  enter(): void {
    const { network, worker } = this;
    this.world.plug({
      publish: {
        ...silentPublisher,
        changes: (event) => this.published(event),
        inbox: network.inbox,
        receipt: network.receipt,
        joined: network.joined,
        left: network.left,
        ended: network.ended,
      },
      enqueue: (ids) => worker.enqueue(ids),
    });
  }

  trace(line: () => string): void {
    this.#trace?.(`${(this.clock.elapsed / 1_000).toFixed(3).padStart(8)} ${line()}`);
  }

  /** What happens at the server by nobody's device. What it is not allowed to is no fault. */
  async outside(work: () => Promise<unknown>): Promise<void> {
    try {
      await this.clock.hold(work());
    } catch (error) {
      this.#refused(error);
    }
  }

  /** A look at the server: whatever it throws is a violation, or a fault of the simulation. */
  async watched(work: () => Promise<unknown>): Promise<void> {
    try {
      await this.clock.hold(work());
    } catch (error) {
      this.#fault ??= error;
    }
  }

  /** As the API tells it: what is not meant to be thrown is a defect of the server. */
  #refused(error: unknown): unknown {
    if (error instanceof LockstepError) return error;
    const code = errorCodeOf(error);
    if (code === 'internal' || code === 'invalid_input') this.#fault ??= error;
    return new LockstepError(code);
  }

  protected published(event: ChangesEvent): void {
    try {
      this.ledger.record(event);
    } catch (error) {
      this.#fault ??= error;
    }
    this.network.changes(event);
  }

  /** Throws when the server has failed. */
  check(): void {
    if (!this.#fault) return;
    if (this.#fault instanceof Violation) throw this.#fault;
    throw new Violation(0, 'server-fault', `the server failed: ${(this.#fault as Error).stack}`);
  }
}

const ROOMS = 'select conversation_id as id from active_member where user_id = $1 order by 1';
