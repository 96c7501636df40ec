import { LockstepError } from '@lockstep/protocol';
import type { ClientParsed } from '@lockstep/protocol/contract';
import type { Bus } from './bus.ts';
import { room } from './names.ts';
import type { DeviceSocket } from './types.ts';

/**
 * Ephemeral. The lookup is the permission check: only a socket in the conversation's room is a member's (rule 10). How often
 * is for the device to say (packages/sync, Ephemeral); one that does not is held by the limit of all its events.
 */
export const typing =
  (bus: Bus) =>
  async (socket: DeviceSocket, { conversationId }: ClientParsed<'typing'>): Promise<null> => {
    if (!socket.rooms.has(room.conversation(conversationId))) throw new LockstepError('not_found');
    bus.push({ type: 'typing', event: { conversationId, userId: socket.data.actor.userId } });
    return null;
  };
