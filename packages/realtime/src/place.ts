import { type Db, setDevicePlace } from '@lockstep/core/sockets';
import type { DeviceSocket } from './types.ts';

/** "I have applied my inbox up to here": for the page of devices, of the socket's own session only. */
export const place =
  (db: Db) =>
  async (socket: DeviceSocket, { pos }: { pos: number }): Promise<null> => {
    await setDevicePlace(db, socket.data.actor.sessionId, pos);
    return null;
  };
