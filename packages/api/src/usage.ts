import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Budget } from '@lockstep/core';

/** Usage of one procedure since the process started. Times in ms. */
export interface Usage {
  calls: number;
  /** Partial answers. */
  cut: number;
  /** Refused as too costly. */
  tooCostly: number;
  /** Refused by the rate limit. */
  limited: number;
  ms: number;
  maxMs: number;
  loopMs: number;
  maxLoopMs: number;
  dbMs: number;
  statements: number;
  rows: number;
  maxRows: number;
  /** Of the answers, before they are compressed. */
  bytes: number;
  maxBytes: number;
}

const nothing = (): Usage => ({
  calls: 0,
  cut: 0,
  tooCostly: 0,
  limited: 0,
  ms: 0,
  maxMs: 0,
  loopMs: 0,
  maxLoopMs: 0,
  dbMs: 0,
  statements: 0,
  rows: 0,
  maxRows: 0,
  bytes: 0,
  maxBytes: 0,
});

/** How often the counters go to the log, in ms. */
const LOG_EVERY_MS = 5 * 60_000;
/** Partial and refused calls are logged one by one, at most once per procedure in this time, in ms. */
const NOTICE_EVERY_MS = 10_000;

interface Log {
  info(line: object, message: string): void;
  warn(line: object, message: string): void;
}

/** Counts the usage of each procedure and logs it for operators (docs/budget.md). */
export class Usages {
  readonly #byPath = new Map<string, Usage>();
  readonly #noticedAt = new Map<string, number>();
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  #loggedAt: number;

  constructor(
    readonly log: Log,
    readonly now: () => number = () => performance.now(),
  ) {
    this.#loggedAt = now();
    this.#delay.enable();
  }

  /** By procedure. */
  snapshot(): Record<string, Usage> {
    return Object.fromEntries([...this.#byPath].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** After a call. `code`: of the error it ended with. */
  record(path: string, userId: string | null, ms: number, budget: Budget | null, code: string | null): void {
    const usage = this.#of(path);
    usage.calls++;
    usage.ms += ms;
    usage.maxMs = Math.max(usage.maxMs, ms);
    if (code === 'rate_limited') usage.limited++;
    if (code === 'too_costly') usage.tooCostly++;
    if (budget) {
      const { loopMs, dbMs, statements, rows } = budget.spent;
      usage.loopMs += loopMs;
      usage.maxLoopMs = Math.max(usage.maxLoopMs, loopMs);
      usage.dbMs += dbMs;
      usage.statements += statements;
      usage.rows += rows;
      usage.maxRows = Math.max(usage.maxRows, rows);
      if (budget.isCut) usage.cut++;
      if (budget.isCut || code === 'too_costly') this.#notice(path, userId, ms, budget);
    }
    if (this.now() - this.#loggedAt >= LOG_EVERY_MS) this.#logAll();
  }

  /** Of an answer; the procedures of a batch share it. */
  recordBytes(paths: string[], bytes: number): void {
    for (const path of paths) {
      const usage = this.#byPath.get(path);
      if (!usage) continue;
      usage.bytes += bytes / paths.length;
      usage.maxBytes = Math.max(usage.maxBytes, bytes / paths.length);
    }
  }

  #of(path: string): Usage {
    const known = this.#byPath.get(path) ?? nothing();
    this.#byPath.set(path, known);
    return known;
  }

  #notice(path: string, userId: string | null, ms: number, { spent }: Budget): void {
    const now = this.now();
    if (now - (this.#noticedAt.get(path) ?? Number.NEGATIVE_INFINITY) < NOTICE_EVERY_MS) return;
    this.#noticedAt.set(path, now);
    this.log.warn({ path, userId, ms: Math.round(ms), ...spent }, 'api: a call was cut short by its budget');
  }

  #logAll(): void {
    this.#loggedAt = this.now();
    const loopDelayMs = { p99: this.#delay.percentile(99) / 1e6, max: this.#delay.max / 1e6 };
    this.#delay.reset();
    this.log.info({ loopDelayMs, procedures: this.snapshot() }, 'api: usage');
  }
}
