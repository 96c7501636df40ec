import type { Conversation, Message } from '@lockstep/protocol';
import type { Person } from './people.ts';

/** Calls under way at a time while many messages are made: what one web process takes without queueing. */
const PARALLEL = 32;

/** A group of these people; the first makes it. */
export const group = async (
  title: string,
  ...[owner, ...others]: [Person, ...Person[]]
): Promise<Conversation> => {
  const userIds = others.map(({ id }) => id);
  return (await owner.api.mutate('conversations.createGroup', { title, userIds })).conversation;
};

/** A private channel of these people; the first makes it. */
export const channel = async (
  title: string,
  ...[owner, ...others]: [Person, ...Person[]]
): Promise<Conversation> => {
  const input = { title, visibility: 'private' as const, userIds: others.map(({ id }) => id) };
  return (await owner.api.mutate('conversations.createChannel', input)).conversation;
};

/** The conversation of two people. */
export const direct = async (one: Person, other: Person): Promise<Conversation> =>
  (await one.api.mutate('conversations.openDirect', { userId: other.id })).conversation;

/** A message through the API, from no device of this person. */
export const send = (person: Person, { id: conversationId }: Conversation, body: string): Promise<Message> =>
  person.api.mutate('messages.send', { conversationId, clientId: crypto.randomUUID(), body });

/** `count` messages, some hundreds a second, in no certain order. `text` gets 1..count. */
export const sendMany = async (
  person: Person,
  conversation: Conversation,
  count: number,
  text: (n: number) => string = (n) => `message ${n}`,
): Promise<void> => {
  let next = 1;
  const work = async () => {
    while (next <= count) await send(person, conversation, text(next++));
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
};
