import type { Message } from '@lockstep/protocol';
import type { Counts } from '../port.ts';

export const emptyCounts = (): Counts => ({
  total: 0,
  capped: false,
  people: new Map(),
  conversations: new Map(),
  months: new Map(),
});

export const countOne = (counts: Counts, message: Message, timeZone: string): void => {
  counts.total++;
  add(counts.people, message.senderId);
  add(counts.conversations, message.conversationId);
  add(counts.months, monthOf(message.createdAt, timeZone));
};

const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

const formatters = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATTERS = 500;

/** `2008-10`, by the clocks of the zone. */
const monthOf = (at: number, timeZone: string): string => {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    if (formatters.size >= MAX_FORMATTERS) formatters.clear();
    // Sweden writes dates as 2008-10.
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit' });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(at);
};
