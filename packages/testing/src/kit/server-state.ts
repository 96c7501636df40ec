import { type InboxEntry, LIMITS, type Message, type StateDigest } from '@lockstep/protocol';
import type { Person } from './people.ts';

/** A run of messages by `seq`, both ends inclusive. */
export interface Range {
  conversationId: string;
  from: number;
  to: number;
}

/** The current conversations of a person from the server. */
export const serverEntries = async ({ api }: Person): Promise<Map<string, InboxEntry>> => {
  const entries = new Map<string, InboxEntry>();
  for (let after = 0; ; ) {
    const page = await api.query('sync.inbox', { afterPos: after, limit: LIMITS.inboxPage });
    for (const entry of page.entries) {
      if (entry.role) entries.set(entry.conversation.id, entry);
      else entries.delete(entry.conversation.id);
    }
    after = page.to;
    if (!page.more) return entries;
  }
};

/** The current messages of a range from the server, ascending. */
export const serverMessages = async (
  { api }: Person,
  { conversationId, from, to }: Range,
): Promise<Message[]> => {
  const messages: Message[] = [];
  for (let seq = from - 1; seq < to; ) {
    const input = { conversationId, seq, limit: LIMITS.page };
    const page = await api.query('messages.after', input);
    messages.push(...page.messages.filter((message) => message.seq <= to));
    seq = messages.at(-1)?.seq ?? to;
    if (!page.hasAfter) break;
  }
  return messages;
};

/** What the devices of a person must agree with (rule 12). */
export const serverDigest = async ({ api }: Person, ranges: readonly Range[]): Promise<StateDigest> => {
  const runs = ranges.map(({ conversationId, from, to }) => ({ conversationId, from, to }));
  return api.mutate('sync.digest', { ranges: runs });
};
