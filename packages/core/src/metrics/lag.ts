import { readLag } from '@lockstep/search';
import { Budget, withBudget } from '../budget.ts';
import type { Core } from '../context.ts';

/** Of all statements, and of one: the lag is not worth more. */
const LIMITS = { loopMs: 200, ms: 2_000, statementMs: 1_000, rows: 1_000, bytes: 10_000 };

export interface ConsumerLag {
  consumer: 'fanout' | 'index';
  /** Changes of conversations that it has not processed. */
  changes: number;
  /** How long the oldest of them waits. */
  seconds: number;
}

/** How far the consumers are behind. Throws BudgetOver where the database takes too long to say. */
export const consumerLags = async (core: Core): Promise<ConsumerLag[]> => {
  const { db } = withBudget(core, new Budget(LIMITS), { limited: true });
  const lagOf = async (consumer: ConsumerLag['consumer'], name: string): Promise<ConsumerLag> => {
    const { changes, waitingMs } = await readLag(db, name);
    return { consumer, changes, seconds: waitingMs / 1_000 };
  };
  return [await lagOf('fanout', 'fanout'), await lagOf('index', core.search.index.consumer)];
};
