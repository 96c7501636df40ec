import { randomUUID } from 'node:crypto';
import { createConversation, type NewConversation } from '@lockstep/db';
import { type InboxEntry, LockstepError } from '@lockstep/protocol';
import type { Actor, Core } from './context.ts';
import { entryOf } from './entry.ts';
import { addPeople } from './membership.ts';
import { publishMembership } from './publish-membership.ts';

/** Creates a group or channel with its first members, in one transaction. */
export const createGroupOrChannel = async (
  actor: Actor,
  core: Core,
  { userIds, ...input }: Omit<NewConversation, 'id' | 'createdBy'> & { userIds: string[] },
): Promise<InboxEntry> => {
  const id = randomUUID();
  const others = userIds.filter((userId) => userId !== actor.userId);
  const made = await createConversation(core.db, { ...input, id, createdBy: actor.userId }, async (tx) => {
    await tx.appendSystem(actor.userId, { type: 'created', title: input.title });
    await tx.join([actor.userId], 'owner');
    const added = await addPeople(tx, actor.userId, others);
    return { conversation: tx.conversation, messages: tx.messages, joined: [actor.userId, ...added] };
  });
  if (!made) throw new LockstepError('conflict', 'the random id is taken');
  await publishMembership(core, made);
  return entryOf(actor, core, id);
};
