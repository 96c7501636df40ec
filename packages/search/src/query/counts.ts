import type { Message } from '@lockstep/protocol';
import type { Counts } from '../port.ts';
import type { Months } from './months.ts';

export const emptyCounts = (): Counts => ({
  total: 0,
  capped: false,
  people: new Map(),
  conversations: new Map(),
  months: new Map(),
});

export const countOne = (counts: Counts, message: Message, months: Months): void => {
  counts.total++;
  add(counts.people, message.senderId);
  add(counts.conversations, message.conversationId);
  add(counts.months, months.of(message.createdAt));
};

const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
