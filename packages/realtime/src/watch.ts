import type { PresenceState } from '@lockstep/protocol';
import type { ClientParsed } from '@lockstep/protocol/contract';
import { room } from './names.ts';
import type { Presence } from './presence.ts';
import type { DeviceSocket } from './types.ts';

/** Presence is visible to every signed-in person. Subscribes first and reads second (rule 5). */
export const watch =
  (presence: Presence) =>
  async (socket: DeviceSocket, { userIds }: ClientParsed<'watch'>): Promise<PresenceState[]> => {
    const wanted = new Set(userIds);
    const names = new Set([...wanted].map(room.watchers));
    for (const name of socket.rooms) {
      if (name.startsWith('p:') && !names.has(name)) void socket.leave(name);
    }
    await socket.join([...names]);
    return presence.stateOf([...wanted]);
  };
