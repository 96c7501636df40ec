import type { Message } from '@lockstep/protocol';

/** The text index, behind a port: each engine is one adapter. It may be wiped at any time, Postgres is the truth. */
export interface SearchIndex {
  /** Takes the newest state of these messages; a recalled one leaves the index. The same state twice is once. */
  apply(messages: readonly Message[]): Promise<void>;
  close(): Promise<void>;
}
