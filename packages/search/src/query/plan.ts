import type { TimeRange } from '@lockstep/protocol';
import type { Term, Trait } from '../text/index.ts';

/** `some`: one of these, anything when null. `none`: none of these. */
export interface Choice {
  some: string[] | null;
  none: string[];
}

/** A query made ready to run for one viewer at one moment: names are ids, dates are times. Both engines start from it. */
export interface Plan {
  terms: Term[];
  notTerms: Term[];
  senders: Choice;
  /** What the viewer may see is part of it (rule 10). `some` is null only for everything. */
  conversations: Choice;
  mentions: Choice;
  /** From `to:`: written by this person in that direct conversation. */
  pairs: Pair[] | null;
  notPairs: Pair[];
  /** All must hold; `to` is exclusive. */
  range: TimeRange;
  notRanges: TimeRange[];
  traits: Trait[];
  notTraits: Trait[];
  /** True: only what the viewer has not read, false: only what is read or own. */
  unread: boolean | null;
  /** `seq` up to which the viewer has read, for `unread`. */
  reads: Map<string, number>;
  viewerId: string;
  /** For everything only, where directs are not listed in `conversations`. */
  direct: boolean | null;
  /** Nothing can match: a requested person or conversation does not exist. */
  matchesNothing: boolean;
}

export interface Pair {
  conversationId: string;
  senderId: string;
}

export const ALWAYS: TimeRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
