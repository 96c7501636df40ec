/** Where a message stands among all: at most one has the same. */
export interface Place {
  /** Epoch milliseconds. */
  at: number;
  conversationId: string;
  seq: number;
}

/** Below zero when `a` is shown before `b`: newest first; the same order as that of Postgres. */
export const newestFirst = (a: Place, b: Place): number =>
  b.at - a.at || compare(b.conversationId, a.conversationId) || b.seq - a.seq;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
