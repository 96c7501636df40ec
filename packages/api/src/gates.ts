import type { CostClass } from '@lockstep/protocol/contract';
import { COSTS, type Cost, heavyGate } from './costs.ts';
import { Gate } from './gate.ts';

const EVERYBODY = 'everybody';
const nothing = () => {};

/** Limits concurrent calls: per account, and for long-running ones also over all accounts. */
export class Gates {
  readonly #byCost: Map<CostClass, Gate>;
  readonly #heavy: Gate;

  /** `connections`: of the database pool. */
  constructor(connections: number) {
    this.#heavy = new Gate(heavyGate(connections));
    const costs = Object.entries(COSTS) as [CostClass, Cost][];
    this.#byCost = new Map(costs.flatMap(([name, { gate }]) => (gate ? [[name, new Gate(gate)]] : [])));
  }

  /** Resolves with a function to call at the end. Throws LockstepError `rate_limited`. */
  async enter(cost: CostClass, userId: string | null): Promise<() => void> {
    const gate = this.#byCost.get(cost);
    if (!gate || userId === null) return nothing;
    const leave = await gate.enter(userId);
    if (!COSTS[cost].heavy) return leave;
    try {
      const leaveHeavy = await this.#heavy.enter(EVERYBODY);
      return () => {
        leaveHeavy();
        leave();
      };
    } catch (error) {
      leave();
      throw error;
    }
  }
}
