import type { MembershipTrace } from '@lockstep/db';
import type { Viewing } from '@lockstep/protocol';

/** A point in a conversation: after this message and this change, and its time. */
interface Point {
  seq: number;
  rev: number;
  at: number;
}

interface Membership {
  userId: string;
  from: Point;
  /** Null while a member. */
  to: Point | null;
}

/**
 * The periods in which each person was a member. A member row has only the last period; system messages record the
 * others. People who were members from the beginning, or came with an import, have no system message for joining.
 */
export const membershipsOf = ({ members, events }: MembershipTrace, createdAt: number): Membership[] => {
  const memberships: Membership[] = [];
  const open = new Map<string, Membership>();
  const mentioned = new Set<string>();
  const start = (userId: string, from: Point) => {
    const membership: Membership = { userId, from, to: null };
    memberships.push(membership);
    open.set(userId, membership);
  };
  const beginning = (): Point => ({ seq: 0, rev: 0, at: createdAt });
  for (const { seq, rev, at, joined, left } of events) {
    const point = { seq, rev, at };
    for (const userId of joined) {
      mentioned.add(userId);
      if (!open.has(userId)) start(userId, point);
    }
    if (left !== null) {
      if (!mentioned.has(left)) start(left, beginning());
      mentioned.add(left);
      const membership = open.get(left);
      if (membership) membership.to = point;
      open.delete(left);
    }
  }
  for (const { userId, joinedAt, joinedSeq, joinedRev, isIn } of members)
    if (isIn && !open.has(userId)) start(userId, { seq: joinedSeq, rev: joinedRev, at: joinedAt });
  return memberships;
};

export interface Text {
  seq: number;
  /** When this text was written. */
  at: number;
  /** True for the text as first sent; later texts are ordered by time only. */
  first: boolean;
  /** The recall, which hid the text for everybody. */
  recalled: { rev: number; at: number } | null;
}

/**
 * Who could see a text, from when until when, ordered by when they could first see it. Members see what was written
 * before they joined, and earlier texts of an edited message too, until it is recalled or they leave.
 */
export const audienceOf = (memberships: Membership[], text: Text): Viewing[] => {
  const viewings: Viewing[] = [];
  for (const { userId, from, to } of memberships) {
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
