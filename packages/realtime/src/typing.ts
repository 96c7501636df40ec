import { LockstepError } from '@lockstep/protocol';
import type { ClientParsed } from '@lockstep/protocol/contract';
import type { Bus } from './bus.ts';
import { room } from './names.ts';
import type { DeviceSocket } from './types.ts';

/** Ephemeral. The lookup is the permission check: only a socket in the conversation's room is a member's (rule 10). */
export const typing =
  (bus: Bus, everyMs: number) =>
  async (socket: DeviceSocket, { conversationId }: ClientParsed<'typing'>): Promise<null> => {
    if (!socket.rooms.has(room.conversation(conversationId))) throw new LockstepError('not_found');
    const { typedAt, actor } = socket.data;
    const now = performance.now();
    if (now - (typedAt.get(conversationId) ?? Number.NEGATIVE_INFINITY) >= everyMs) {
      typedAt.set(conversationId, now);
      bus.push({ type: 'typing', event: { conversationId, userId: actor.userId } });
    }
    return null;
  };
