import { setDeviceCursors } from '@lockstep/core/sockets';
import type { ClientParsed } from '@lockstep/protocol/contract';
import type { Background } from './background.ts';
import type { DeviceSocket, RealtimeDeps } from './types.ts';

/** Reports within this time are written together, in ms, because after a restart all devices report at once. */
const GATHER_MS = 1_000;

/** "I have applied my inbox up to here": for the page of devices, of the socket's own session only. */
export const cursorReports = ({ db, log }: Pick<RealtimeDeps, 'db' | 'log'>, background: Background) => {
  let pending = new Map<string, number>();
  const write = () => {
    const cursors = pending;
    pending = new Map();
    // Best effort: the device reports again when its cursor moves or it reconnects.
    background.run(setDeviceCursors(db, cursors), (error) =>
      log.debug({ err: error }, 'place: was not stored'),
    );
  };
  return async (socket: DeviceSocket, { pos }: ClientParsed<'place'>): Promise<null> => {
    if (pending.size === 0) setTimeout(write, GATHER_MS).unref();
    pending.set(socket.data.actor.sessionId, pos);
    return null;
  };
};
