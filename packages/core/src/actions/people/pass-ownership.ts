import { lockOwned, type Queryable } from '@lockstep/db';
import type { MembershipChange } from '../../publish-membership.ts';

/**
 * Who cannot act any more owns nothing alone: where no other owner is left, the admin who came first becomes one, else the
 * member who did. So a conversation is never without somebody who can give roles, and nobody enters one for it whom its
 * members did not let in. It is not taken back when the person returns, who still is an owner too.
 */
export const passOwnership = async (client: Queryable, userId: string): Promise<MembershipChange[]> => {
  const changes: MembershipChange[] = [];
  for (const tx of await lockOwned(client, userId)) {
    if ((await tx.countOwners()) > 0) continue;
    const next = await tx.nextOwner();
    if (!next) continue;
    await tx.setRole(next, 'owner');
    await tx.appendSystem(userId, { type: 'role', userId: next, role: 'owner' });
    changes.push({ conversation: tx.conversation, messages: tx.messages, touched: [next] });
  }
  return changes;
};
