import type { DeviceSocket, RealtimeDeps } from './types.ts';

/** An error whose code the client finds in `data.code` and in the message of `connect_error`. */
const refusal = (code: 'unauthenticated' | 'unavailable') =>
  Object.assign(new Error(code), { data: { code } });

/** Socket.IO middleware: the session cookie says who it is, at every connection anew. */
export const authenticate =
  ({ signedIn, log }: RealtimeDeps) =>
  (socket: DeviceSocket, next: (error?: Error) => void): void => {
    signedIn(socket.handshake.headers.cookie).then(
      (actor) => {
        if (!actor) return next(refusal('unauthenticated'));
        socket.data.actor = actor;
        socket.data.ready = false;
        socket.data.leftMeanwhile = new Set();
        socket.data.typedAt = new Map();
        next();
      },
      (error: Error) => {
        log.warn({ err: error }, 'push: could not look up a session');
        next(refusal('unavailable'));
      },
    );
  };
