import { type ErrorData, LockstepError } from '@lockstep/protocol';
import type { DeviceSocket, RealtimeDeps } from './types.ts';

/** What the client finds in `data` of `connect_error`, beside the code as its message. */
const refused = ({ code, data }: LockstepError) =>
  Object.assign(new Error(code), { data: { code, ...data } satisfies ErrorData });

/** Socket.IO middleware: the session cookie says who it is, at every connection anew. */
export const authenticate = ({ signedIn, refusal, log }: RealtimeDeps) => {
  const admit = async (socket: DeviceSocket): Promise<Error | undefined> => {
    const { cookie } = socket.handshake.headers;
    const actor = await signedIn(cookie);
    if (!actor) return refused(await refusal(cookie));
    socket.data.actor = actor;
    socket.data.ready = false;
    socket.data.leftMeanwhile = new Set();
    socket.data.typedAt = new Map();
    return undefined;
  };
  return (socket: DeviceSocket, next: (error?: Error) => void): void => {
    admit(socket).then(next, (error: Error) => {
      log.warn({ err: error }, 'push: could not look up a session');
      next(refused(new LockstepError('unavailable')));
    });
  };
};
