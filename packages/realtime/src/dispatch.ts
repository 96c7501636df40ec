import { Bucket } from '@lockstep/core';
import { type Ack, type ErrorCode, LockstepError } from '@lockstep/protocol';
import {
  CLIENT_EVENTS,
  type ClientAnswer,
  type ClientEvent,
  type ClientParsed,
} from '@lockstep/protocol/contract';
import type { DeviceSocket, RealtimeDeps } from './types.ts';

/** One handler for each client event; the compiler rejects missing ones. */
export type Handlers = {
  [E in ClientEvent]: (socket: DeviceSocket, input: ClientParsed<E>) => Promise<ClientAnswer<E>>;
};

/** Events of one socket: so many at once, so many a second; after this many refusals in a row it is closed. */
const LIMIT = { burst: 40, perSecond: 10, refusals: 200 } as const;

/**
 * Parses what a client sends, calls the one handler, and answers with a typed result: invalid input gets
 * `invalid_input`, a defect `internal`, and nothing ever throws into Socket.IO.
 */
export const dispatch = (socket: DeviceSocket, handlers: Handlers, { log, settings }: RealtimeDeps): void => {
  const bucket = new Bucket(LIMIT.perSecond, LIMIT.burst);
  let refusals = 0;

  socket.onAny((event: string, ...args: unknown[]) => {
    const last = args.at(-1);
    const answer = (result: Ack<unknown>) => {
      if (typeof last === 'function') last(result);
    };
    if (settings.RATE_LIMITS === 'on' && bucket.take() > 0) {
      if (++refusals > LIMIT.refusals) {
        log.warn({ userId: socket.data.actor.userId }, 'push: a flood, closed');
        socket.disconnect(true);
        return;
      }
      answer({ ok: false, code: 'rate_limited' });
      return;
    }
    refusals = 0;
    run(socket, handlers, event, args[0]).then(
      (data) => answer({ ok: true, data }),
      (error: unknown) => answer({ ok: false, code: codeOf(error, event, log) }),
    );
  });
};

const isClientEvent = (event: string): event is ClientEvent => Object.hasOwn(CLIENT_EVENTS, event);

const run = async (
  socket: DeviceSocket,
  handlers: Handlers,
  event: string,
  input: unknown,
): Promise<unknown> => {
  if (!isClientEvent(event)) throw new LockstepError('invalid_input');
  // Before `ready` the rooms of the socket are not complete.
  if (!socket.data.ready) throw new LockstepError('unavailable');
  const parsed = CLIENT_EVENTS[event].input.safeParse(input);
  if (!parsed.success) throw new LockstepError('invalid_input');
  return handlers[event](socket, parsed.data as never);
};

const codeOf = (error: unknown, event: string, log: RealtimeDeps['log']): ErrorCode => {
  if (error instanceof LockstepError) return error.code;
  log.error({ err: error, event }, 'push: a handler failed');
  return 'internal';
};
