import type { CostClass } from '@lockstep/protocol/contract';
import { COSTS, type Cost, heavyGate } from './costs.ts';
import { Gate } from './gate.ts';

const EVERYBODY = 'everybody';
const nothing = () => {};

/** Who may begin a call now: so many of one account, and of those that take long so many of all accounts together. */
export class Gates {
  readonly #byCost: Map<CostClass, Gate>;
  readonly #heavy: Gate;

  /** `connections`: to the database. */
  constructor(connections: number) {
    this.#heavy = new Gate(heavyGate(connections));
    const costs = Object.entries(COSTS) as [CostClass, Cost][];
    this.#byCost = new Map(costs.flatMap(([name, { gate }]) => (gate ? [[name, new Gate(gate)]] : [])));
  }

  /** Resolves with what to call at the end. Throws LockstepError `rate_limited`. */
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
