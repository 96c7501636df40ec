import type { Queryable } from './transaction.ts';
import { turns } from './turns.ts';

/** What one call may use at most. */
export interface BudgetLimits {
  /** Time on the event loop, in ms of CPU time. */
  loopMs: number;
  /** No further statement is started after this time, in ms. */
  ms: number;
  /** Time limit of one statement, in ms; then it is cancelled. */
  statementMs: number;
  /** Rows read from the database; those of the statement that goes past it still come. */
  rows: number;
  /** Approximate bytes of text in one page; a page ends there but has at least one entry. */
  bytes: number;
}

/** Of the texts in one page, when nothing else is said: some 3,000 messages of an ordinary length. */
export const PAGE_BYTES = 1024 * 1024;

/** What one call has used. */
export interface BudgetUsage {
  loopMs: number;
  dbMs: number;
  statements: number;
  rows: number;
}

/**
 * Thrown when the budget of a call is used up. Callers that can return a partial answer do so and mark it as partial.
 */
export class BudgetOver extends Error {
  override readonly name = 'BudgetOver';
}

/** Cancelled by `statement_timeout`. */
const CANCELLED = '57014';

export const isOverBudget = (error: unknown): boolean =>
  error instanceof BudgetOver || (error as { code?: string } | null)?.code === CANCELLED;

/**
 * The budget of one call: time on the event loop, time and rows in the database. Long work runs in slices and yields
 * in between, and stops at the end of the budget: the answer then says that it is incomplete.
 */
export class Budget {
  readonly spent: BudgetUsage = { loopMs: 0, dbMs: 0, statements: 0, rows: 0 };
  readonly #startedAt = performance.now();
  #isCut = false;

  constructor(
    readonly limits: BudgetLimits,
    readonly whole: Budget | null = null,
  ) {}

  /** A budget for a part of the work, with this share of the limits. Its use also counts for this budget. */
  part(share: number): Budget {
    const { loopMs, ms, rows } = this.limits;
    const limits = { ...this.limits, loopMs: loopMs * share, ms: ms * share, rows: rows * share };
    return new Budget(limits, this);
  }

  get isOver(): boolean {
    const { loopMs, ms, rows } = this.limits;
    return this.spent.loopMs >= loopMs || this.spent.rows >= rows || this.age >= ms;
  }

  /** Whether anything was left out. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Since it began, in ms. */
  get age(): number {
    return performance.now() - this.#startedAt;
  }

  /** Time until it is over, in ms. */
  get leftMs(): number {
    return Math.max(0, this.limits.ms - this.age);
  }

  /** Says that something was left out. */
  cut(): void {
    this.#isCut = true;
    this.whole?.cut();
  }

  #spend(kind: keyof BudgetUsage, amount: number): void {
    this.spent[kind] += amount;
    if (this.whole) this.whole.#spend(kind, amount);
  }

  /**
   * Runs `work` for each item and yields to the event loop in between. Returns false and skips the rest if the budget
   * ends first. `work` should take a few ms at most.
   */
  async each<T>(items: Iterable<T>, work: (item: T) => void): Promise<boolean> {
    let slice: Slice | null = null;
    try {
      for (const item of items) {
        if (!slice) {
          if (this.isOver) {
            this.cut();
            return false;
          }
          await turns.enter();
          slice = startSlice();
        }
        work(item);
        if (performance.now() - slice.at >= turns.sliceMs) {
          this.#end(slice);
          slice = null;
        }
      }
      return true;
    } finally {
      if (slice) this.#end(slice);
    }
  }

  #end(slice: Slice): void {
    const ms = performance.now() - slice.at;
    const { user, system } = process.cpuUsage(slice.cpu);
    // CPU time, because wall time includes other programs and other threads.
    this.#spend('loopMs', Math.min(ms, (user + system) / 1_000));
    turns.leave(ms);
  }

  /** Throws BudgetOver if no further statement may be started. */
  check(): void {
    if (!this.isOver) return;
    this.cut();
    throw new BudgetOver();
  }

  /** The same client, with what it does counted here. */
  of(client: Queryable): Queryable {
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    return { query: ((...args: unknown[]) => this.counted(() => query(...args))) as Queryable['query'] };
  }

  /** Counts a statement. */
  async counted<T>(run: () => Promise<T>): Promise<T> {
    const at = performance.now();
    try {
      const result = await run();
      const rows = Array.isArray(result) ? result : (result as { rows?: unknown[] } | null)?.rows;
      this.#spend('rows', rows?.length ?? 0);
      return result;
    } finally {
      this.#spend('statements', 1);
      this.#spend('dbMs', performance.now() - at);
    }
  }
}

interface Slice {
  at: number;
  cpu: NodeJS.CpuUsage;
}

const startSlice = (): Slice => ({ at: performance.now(), cpu: process.cpuUsage() });
