import type { Message } from '@lockstep/protocol';

/** The sort key of a message, unique among all. */
export interface Key {
  /** When it was sent, in ms since 1970. */
  at: number;
  conversationId: string;
  seq: number;
}

type Keyed = Pick<Message, 'createdAt' | 'conversationId' | 'seq'>;

export const keyOf = ({ createdAt, conversationId, seq }: Keyed): Key => ({
  at: createdAt,
  conversationId,
  seq,
});

/** Below zero when `a` is shown before `b`: newest first; the same order as that of Postgres. */
export const newestFirst = (a: Key, b: Key): number =>
  b.at - a.at || compare(b.conversationId, a.conversationId) || b.seq - a.seq;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
