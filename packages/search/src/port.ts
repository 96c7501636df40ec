import type { Budget, ConsumerName, Queryable } from '@lockstep/db';
import type { PartHealth } from '@lockstep/protocol';
import type { Key } from './query/key.ts';
import type { Months } from './query/months.ts';
import type { Plan } from './query/plan.ts';

/** What of the store is not in the index: it is searched directly (rule 11), and the index is not asked about it. */
export interface Unindexed {
  keys: { conversationId: string; seq: number }[];
  /** False when more is not in the index than `keys` has: what is found is then checked one by one. */
  complete: boolean;
}

export interface FindOptions {
  plan: Plan;
  unindexed: Unindexed;
  /** Only what is older than this. */
  before: Key | null;
  limit: number;
  /** Messages in the conversations that the plan looks at, about; null for everything. */
  reachable: number | null;
  /** When given, all that fits is counted as well, whatever `before` and `limit` are. Not together with `before`. */
  months: Months | null;
  /** Of the search. An engine that asks several times throws BudgetOver where it is used up. */
  budget: Budget;
}

export interface Found {
  /** Messages that may fit; the store is asked before anybody sees them (rule 10). */
  candidates: Key[];
  /** Where to go on, which may be before the last candidate; null when there is nothing older. */
  next: Key | null;
  /** Of what is indexed. Null when not asked for, or when this engine cannot count without looking at every hit. */
  counts: Counts | null;
}

export interface Counts {
  total: number;
  /** Only the newest were counted. */
  capped: boolean;
  people: Map<string, number>;
  conversations: Map<string, number>;
  /** By `2008-10`. */
  months: Map<string, number>;
}

/**
 * `find` throws it when the index cannot be asked now: the engine is away, too slow, refuses, or no longer has what it
 * was given. The store is searched then.
 */
export class IndexUnavailable extends Error {
  override readonly name: string = 'IndexAway';
}

/**
 * Port to a search engine. `find` runs inside one read-only snapshot of the store, over `client`; an external engine
 * may use it for look-ups. An index may be wiped at any time: the store is the source of truth.
 */
export interface SearchIndex {
  readonly name: 'postgres' | 'meilisearch';
  /** Under this name are the checkpoints: how far each conversation is indexed. */
  readonly consumer: ConsumerName;
  /** Prepares what the engine needs and detects a wiped index. Idempotent. */
  prepare(): Promise<void>;
  /**
   * Detects that the index was wiped while running and starts it again. Cheap: the worker calls it every few seconds.
   */
  recover(): Promise<void>;
  /** From the checkpoints of these conversations (at most 100) to their heads. Idempotent. */
  apply(conversationIds: string[]): Promise<void>;
  /**
   * Newest first, about `limit`. May include messages that do not match, but never misses a match before `next`.
   * Throws IndexUnavailable.
   */
  find(client: Queryable, options: FindOptions): Promise<Found>;
  /** Lists every difference between index and store up to the checkpoints; `repair` also fixes them. */
  verify(options: VerifyOptions): Promise<VerifyResult>;
  /** Whether the index has the words that this version makes of a text (form.ts). Until then the store is searched beside it. */
  isCurrent(client: Queryable): Promise<boolean>;
  /** Brings it up to them while people search; at once where it is. A worker asks every few seconds. */
  upgrade(options: RebuildOptions): Promise<void>;
  /** Makes the index again, while people search it. */
  rebuild(options: RebuildOptions): Promise<void>;
  /** In bytes; null if unknown. */
  size(): Promise<number | null>;
  health(): Promise<PartHealth>;
  close(): Promise<void>;
}

export type OnProgress = (messages: number) => void;

export interface RebuildOptions {
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

export interface VerifyOptions extends RebuildOptions {
  repair?: boolean;
  onDifference?: ((difference: Difference) => void) | undefined;
}

export interface Difference {
  conversationId: string;
  seq: number;
  /** Not in the index; in the index and should not be; as it was before a change; not what the text gives. */
  kind: 'missing' | 'extra' | 'stale' | 'different';
}

export interface VerifyResult {
  conversations: number;
  messages: number;
  differences: number;
}
