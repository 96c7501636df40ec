import { createConversation, directId, openEntry, unknownPeople } from '@lockstep/db';
import { type InboxEntry, LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { entryOf } from '../entry.ts';
import { publishMembership, pushEntries } from '../publish-membership.ts';

/**
 * The one-to-one conversation with a person, or notes to oneself. It is created if there is none; if both open it at
 * once, only one is created (docs/adr/0003). It appears in the other person's inbox with its first message. Errors:
 * `not_found`.
 */
export const openDirect = async (
  actor: Actor,
  core: Core,
  { userId }: Parsed<'conversations.openDirect'>,
): Promise<InboxEntry> => {
  const id = directId(actor.userId, userId);
  const people = [...new Set([actor.userId, userId])];
  const made = await createConversation(
    core.db,
    { id, kind: 'direct', visibility: 'private', title: null, topic: null, createdBy: actor.userId },
    async (tx) => {
      if ((await unknownPeople(tx.client, people)).length > 0) throw new LockstepError('not_found');
      await tx.appendSystem(actor.userId, { type: 'created', title: null });
      await tx.join(people);
      return { conversation: tx.conversation, messages: tx.messages };
    },
  );
  if (made) {
    await publishMembership(core, { ...made, joined: [actor.userId] });
    // Open sockets of the other person join the room for the first message, and get no event before it.
    core.publish.joined(id, people.slice(1));
  } else if (await openEntry(core.db, actor.userId, id)) await pushEntries(core, id, [actor.userId]);
  return entryOf(actor, core, id);
};
