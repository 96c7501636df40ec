import { entryDigest, messagesDigest, overallDigest } from '@lockstep/protocol';
import type { LocalDigest, SyncState } from './types.ts';

/** The digest of what a device shows, made as the server makes its own (rule 12). */
export const localDigest = (state: SyncState): LocalDigest => {
  const conversations = Object.fromEntries([...state.inbox].map(([id, entry]) => [id, entryDigest(entry)]));
  const ranges = [...state.timelines].flatMap(([conversationId, { messages }]) => {
    const from = messages[0]?.seq;
    const to = messages.at(-1)?.seq;
    if (from === undefined || to === undefined) return [];
    return [{ conversationId, from, to, digest: messagesDigest(messages) }];
  });
  return { overall: overallDigest(conversations), conversations, ranges };
};
