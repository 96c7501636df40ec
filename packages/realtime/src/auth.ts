import { originFault } from '@lockstep/core';
import { type ErrorData, isServed, LockstepError, versionOf } from '@lockstep/protocol';
import type { DeviceSocket, RealtimeDeps, Timing } from './types.ts';

/** Sockets open at the same time at this process: tabs of one browser, and all devices of a person. */
const SOCKETS = { perSession: 50, perPerson: 200 } as const;

/** What the client finds in `data` of `connect_error`, beside the code as its message. */
const refused = ({ code, data }: LockstepError) =>
  Object.assign(new Error(code), { data: { code, ...data } satisfies ErrorData });

/**
 * Socket.IO middleware: authenticates every connection by its session cookie. A foreign Origin is refused here and
 * not at the WebSocket upgrade, because a browser hides the answer to a refused upgrade from the page.
 */
export const authenticate = ({ signedIn, refusal, settings, log }: RealtimeDeps, { linger }: Timing) => {
  const foreign = originFault(settings, log);
  const bySession = new Counter();
  const byPerson = new Counter();

  const admit = async (socket: DeviceSocket): Promise<void> => {
    const fault = foreign(socket.request);
    if (fault) throw fault;
    const versions = settings.protocol;
    if (!isServed(versionOf(socket.handshake.auth.protocol), versions))
      throw new LockstepError('version_not_served', undefined, { versions });
    const { cookie } = socket.handshake.headers;
    const actor = await signedIn(cookie);
    if (!actor) throw await refusal(cookie);
    const { sessionId, userId } = actor;
    if (bySession.of(sessionId) >= SOCKETS.perSession || byPerson.of(userId) >= SOCKETS.perPerson)
      throw new LockstepError('limit_reached');
    const leave = [bySession.add(sessionId), byPerson.add(userId)];
    socket.conn.once('close', () => {
      for (const one of leave) one();
    });
    socket.data.actor = actor;
    socket.data.ready = false;
    socket.data.leftMeanwhile = new Set();
  };
  return (socket: DeviceSocket, next: (error?: Error) => void): void => {
    admit(socket).then(
      () => next(),
      (error: Error) => {
        // Leave time for the reason to arrive.
        setTimeout(() => socket.conn.close(), linger).unref();
        if (error instanceof LockstepError) return next(refused(error));
        log.warn({ err: error }, 'push: could not look up a session');
        next(refused(new LockstepError('unavailable')));
      },
    );
  };
};

class Counter {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Returns a function that undoes it. */
  add(key: string): () => void {
    this.#counts.set(key, this.of(key) + 1);
    return () => {
      const left = this.of(key) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }
}
