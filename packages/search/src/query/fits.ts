import { hasText, type Message, mentionsIn } from '@lockstep/protocol';
import { type Steps, textOf, traitsOf } from '../text/index.ts';
import type { Choice, Pair, Plan } from './plan.ts';

/**
 * Whether a message of the store matches a plan: the final check of every hit from any index. Permission is checked
 * only by the conversations of the plan. Prepared once for many messages, so that a list of thousands of
 * conversations is not scanned for each of them.
 */
export const matcherOf = (plan: Plan, steps?: Steps): ((message: Message) => boolean) => {
  const isAllowedIn = allows(plan.conversations);
  const isAllowedFrom = allows(plan.senders);
  const pairs = plan.pairs && pairsOf(plan.pairs);
  const notPairs = pairsOf(plan.notPairs);
  const mentions = plan.mentions.some && new Set(plan.mentions.some);
  const notMentions = new Set(plan.mentions.none);

  return (message) => {
    if (plan.matchesNothing || !hasText(message)) return false;
    const { body, conversationId, senderId, createdAt, seq } = message;
    if (!isAllowedIn(conversationId) || !isAllowedFrom(senderId)) return false;
    if (pairs && !pairs.has(pairKey(message))) return false;
    if (notPairs.size > 0 && notPairs.has(pairKey(message))) return false;
    if (createdAt < plan.range.from || createdAt >= plan.range.to) return false;
    if (plan.notRanges.some(({ from, to }) => createdAt >= from && createdAt < to)) return false;
    if (plan.unread !== null) {
      const isUnread = senderId !== plan.viewerId && seq > (plan.reads.get(conversationId) ?? 0);
      if (isUnread !== plan.unread) return false;
    }
    if (plan.traits.length > 0 || plan.notTraits.length > 0) {
      const traits = traitsOf(body, message.editedAt !== null);
      if (!plan.traits.every((trait) => traits.includes(trait))) return false;
      if (plan.notTraits.some((trait) => traits.includes(trait))) return false;
    }
    if (mentions || notMentions.size > 0) {
      const mentioned = mentionsIn(body);
      if (mentions && !mentioned.some((id) => mentions.has(id))) return false;
      if (mentioned.some((id) => notMentions.has(id))) return false;
    }
    if (plan.terms.length === 0 && plan.notTerms.length === 0) return true;
    const text = textOf(body, steps);
    return plan.terms.every((term) => text.has(term)) && !plan.notTerms.some((term) => text.has(term));
  };
};

/** The same of one message. */
export const fits = (message: Message, plan: Plan): boolean => matcherOf(plan)(message);

const allows = ({ some, none }: Choice): ((id: string) => boolean) => {
  const wanted = some && new Set(some);
  const unwanted = new Set(none);
  return (id) => (wanted === null || wanted.has(id)) && !unwanted.has(id);
};

const pairKey = ({ conversationId, senderId }: Pair): string => `${conversationId} ${senderId}`;
const pairsOf = (pairs: Pair[]): Set<string> => new Set(pairs.map(pairKey));
