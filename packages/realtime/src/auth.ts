import type { IncomingMessage } from 'node:http';
import type { DeviceSocket, RealtimeDeps } from './types.ts';

/**
 * The same rule as for calls of the API: a browser names its Origin with every WebSocket, so a foreign page cannot use
 * the cookie; without an Origin no cookie is taken. Where PUBLIC_URL is derived, the host that was asked for is ours.
 */
export const originAllowed = (
  req: Pick<IncomingMessage, 'headers'>,
  settings: RealtimeDeps['settings'],
): boolean => {
  const { origin, host, cookie } = req.headers;
  if (origin === undefined) return cookie === undefined;
  if (origin === settings.PUBLIC_URL || settings.TRUSTED_ORIGINS.includes(origin)) return true;
  return !settings.publicUrlIsSet && origin === `http://${host}`;
};

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
