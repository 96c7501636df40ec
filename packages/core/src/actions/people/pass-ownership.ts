import { lockOwned, type Queryable } from '@lockstep/db';
import type { MembershipChange } from '../../publish-membership.ts';

/**
 * For a person who is deactivated: every conversation that they owned alone gets a new owner, the admin who joined first,
 * otherwise the member who joined first, so that there is always somebody who can give roles. Nobody from outside is let
 * in for it. When the person is activated again, both are owners.
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
