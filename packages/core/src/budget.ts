import { type Budget, budgetedDb } from '@lockstep/db';
import type { Core } from './context.ts';

export {
  Budget,
  type BudgetLimits,
  BudgetOver,
  type BudgetUsage,
  DIGEST_LIMITS,
  PAGE_BYTES,
} from '@lockstep/db';
export { SEARCH_LIMITS } from '@lockstep/search';

/** What the actions work with, for one call: what it reads is counted in its budget. `limited`: it only reads. */
export const withBudget = (core: Core, budget: Budget, options: { limited: boolean }): Core => ({
  ...core,
  db: budgetedDb(core.db, budget, options),
  budget,
});
