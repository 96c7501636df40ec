import type { Message } from '@lockstep/protocol';
import { mentionsIn } from '@lockstep/protocol';
import { hasText, Text, traitsOf } from '../text/index.ts';
import type { Choice, Plan } from './plan.ts';

/**
 * Whether a message of the store fits a plan: the last word on every hit, whatever index it came from. Says nothing
 * about who may see it, but for the conversations that the plan has.
 */
export const fits = (message: Message, plan: Plan): boolean => {
  if (plan.never || !hasText(message)) return false;
  const { body, conversationId, senderId, createdAt, seq } = message;
  if (!allows(plan.conversations, conversationId) || !allows(plan.senders, senderId)) return false;
  const isPair = (pair: { conversationId: string; senderId: string }) =>
    pair.conversationId === conversationId && pair.senderId === senderId;
  if (plan.pairs && !plan.pairs.some(isPair)) return false;
  if (plan.notPairs.some(isPair)) return false;
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
  if (plan.mentions.some || plan.mentions.none.length > 0) {
    const mentioned = mentionsIn(body);
    if (plan.mentions.some && !plan.mentions.some.some((id) => mentioned.includes(id))) return false;
    if (plan.mentions.none.some((id) => mentioned.includes(id))) return false;
  }
  if (plan.terms.length === 0 && plan.notTerms.length === 0) return true;
  const text = new Text(body);
  return plan.terms.every((term) => text.has(term)) && !plan.notTerms.some((term) => text.has(term));
};

const allows = ({ some, none }: Choice, id: string): boolean =>
  (some === null || some.includes(id)) && !none.includes(id);
