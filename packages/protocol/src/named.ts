import type { InboxEntry } from './inbox.ts';
import { mentionsIn } from './mention.ts';
import type { Message } from './message.ts';

/** The people whose names are shown with these messages: who wrote them, then whom they tell of and mention. */
export const namedIn = (messages: readonly Message[]): string[] => [
  ...messages.map(({ senderId }) => senderId),
  ...messages.flatMap((message) => [...namedByEvent(message), ...mentionsIn(message.body)]),
];

/** The same of an entry of the list: its last message, the other person, and whom its draft mentions. */
export const namedInEntry = ({ peerId, last, draft }: InboxEntry): string[] => [
  ...(peerId ? [peerId] : []),
  ...(last ? namedIn([last]) : []),
  ...mentionsIn(draft?.text ?? null),
];

const namedByEvent = ({ system }: Message): string[] => {
  if (system?.type === 'joined') return system.userIds;
  return system?.type === 'left' || system?.type === 'role' ? [system.userId] : [];
};
