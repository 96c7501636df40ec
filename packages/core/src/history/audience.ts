import type { MembershipTrace } from '@lockstep/db';
import type { Viewing } from '@lockstep/protocol';

/** Where something stands in a conversation: after this message, this change, and when. */
interface Point {
  seq: number;
  rev: number;
  at: number;
}

interface Stay {
  userId: string;
  from: Point;
  /** Null while a member. */
  to: Point | null;
}

/**
 * When each person was in a conversation. A member row knows the last time only; the system messages tell of all of
 * them. Who was there from the beginning, or came in with an import, has no message that tells of it.
 */
export const staysIn = ({ members, events }: MembershipTrace, createdAt: number): Stay[] => {
  const stays: Stay[] = [];
  const open = new Map<string, Stay>();
  const told = new Set<string>();
  const start = (userId: string, from: Point) => {
    const stay: Stay = { userId, from, to: null };
    stays.push(stay);
    open.set(userId, stay);
  };
  const beginning = (): Point => ({ seq: 0, rev: 0, at: createdAt });
  for (const { seq, rev, at, joined, left } of events) {
    const point = { seq, rev, at };
    for (const userId of joined) {
      told.add(userId);
      if (!open.has(userId)) start(userId, point);
    }
    if (left !== null) {
      if (!told.has(left)) start(left, beginning());
      told.add(left);
      const stay = open.get(left);
      if (stay) stay.to = point;
      open.delete(left);
    }
  }
  for (const { userId, joinedAt, joinedSeq, joinedRev, isIn } of members)
    if (isIn && !open.has(userId)) start(userId, { seq: joinedSeq, rev: joinedRev, at: joinedAt });
  return stays;
};

export interface Text {
  seq: number;
  /** When this text was written. */
  at: number;
  /** The message as first sent; later texts have no place of their own but their time. */
  first: boolean;
  /** The recall that ended it, for everybody at once. */
  recalled: { rev: number; at: number } | null;
}

/**
 * Who could see a text, from when until when, in the order in which they came to see it. Members see what was written
 * before they joined, and earlier texts of an edited message too, until it is recalled or they leave.
 */
export const audienceOf = (stays: Stay[], text: Text): Viewing[] => {
  const viewings: Viewing[] = [];
  for (const { userId, from, to } of stays) {
    const leftBefore = to !== null && (text.first ? to.seq < text.seq : to.at < text.at);
    const cameTooLate = text.recalled !== null && from.rev > text.recalled.rev;
    if (leftBefore || cameTooLate) continue;
    const ends = [to?.at, text.recalled?.at].filter((at) => at !== undefined);
    viewings.push({
      userId,
      from: Math.max(from.at, text.at),
      until: ends.length > 0 ? Math.min(...ends) : null,
    });
  }
  return viewings.sort((a, b) => a.from - b.from || (a.userId < b.userId ? -1 : 1));
};
