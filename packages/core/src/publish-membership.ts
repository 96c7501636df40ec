import { fanOut, inboxEntry } from '@lockstep/db';
import type { Conversation, Message } from '@lockstep/protocol';
import type { Core } from './context.ts';
import { publishChanges } from './publish-changes.ts';

export interface MembershipChange {
  conversation: Conversation;
  messages: Message[];
  joined?: string[];
  left?: string[];
  /** Other people whose entry has changed, for example by a role. */
  touched?: string[];
}

/**
 * Publishes a committed change of members: open sockets leave and enter first, so that removed people get nothing
 * more (rule 10). Then the fan-out runs here, so that a new conversation shows at once even if the worker is down
 * (rule 9), and the people concerned get their entry.
 */
export const publishMembership = async (
  core: Core,
  { conversation, messages, joined = [], left = [], touched = [] }: MembershipChange,
): Promise<void> => {
  const { id } = conversation;
  if (left.length > 0) core.publish.left(id, left);
  if (joined.length > 0) core.publish.joined(id, joined);
  publishChanges(core, id, messages, conversation);
  await fanOutNow(core, id);
  await pushEntries(core, id, [...joined, ...left, ...touched]);
};

/** Best effort: if it fails, the worker or its sweep does it. */
export const fanOutNow = async (core: Core, conversationId: string): Promise<void> => {
  try {
    await fanOut(core.db, [conversationId], { threshold: core.settings.FANOUT_THRESHOLD });
  } catch (error) {
    core.log.warn({ err: error, conversationId }, 'fan-out after a change of members failed');
  }
};

/** Best effort: devices that miss it pull. */
export const pushEntries = async (core: Core, conversationId: string, userIds: string[]): Promise<void> => {
  try {
    const entries = await Promise.all(userIds.map((userId) => inboxEntry(core.db, userId, conversationId)));
    for (const [n, userId] of userIds.entries()) {
      const entry = entries[n];
      if (entry) core.publish.inbox(userId, entry);
    }
  } catch (error) {
    core.log.warn({ err: error, conversationId }, 'push of inbox entries failed');
  }
};
