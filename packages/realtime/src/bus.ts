import type {
  ChangesEvent,
  EndedEvent,
  InboxEntry,
  PeopleEvent,
  ReceiptEvent,
  TypingEvent,
} from '@lockstep/protocol';
import type { Io } from './types.ts';

/** Messages from one process to all, including itself: each applies them to its own sockets. */
export type Push =
  | { type: 'changes'; event: ChangesEvent }
  | { type: 'inbox'; userId: string; entry: InboxEntry }
  | { type: 'receipt'; event: ReceiptEvent }
  | { type: 'people'; event: PeopleEvent }
  | { type: 'searches'; userId: string }
  | { type: 'joined' | 'left'; conversationId: string; userIds: string[] }
  | { type: 'ended'; userId: string; sessionId?: string | undefined; reason: EndedEvent['reason'] }
  | { type: 'typing'; event: TypingEvent };

/** Who is online at a process: all of them with each beat, so that a lost notice is repaired by the next. */
export interface OnlineNotice {
  from: string;
  /** Everyone online there. Null if this is only a change. */
  all: string[] | null;
  came?: string;
  went?: string;
  /** The process is closing. */
  bye?: boolean;
}

export interface ServerToServerEvents {
  push: (push: Push) => void;
  online: (notice: OnlineNotice) => void;
  /** Which of these sessions have a socket open there. */
  connected: (sessionIds: string[], answer: (connected: string[]) => void) => void;
}

export interface Bus {
  push(push: Push): void;
  online(notice: OnlineNotice): void;
}

/**
 * Sends to the other processes only. A push is applied locally first and then sent to the others, so that a broken
 * adapter does not delay local sockets, and a revocation applies immediately.
 */
export const createBus = (io: Io, alone: boolean, apply: (push: Push) => void): Bus => {
  if (alone) return { push: apply, online: () => {} };
  return {
    push: (push) => {
      apply(push);
      io.serverSideEmit('push', push);
    },
    online: (notice) => {
      io.serverSideEmit('online', notice);
    },
  };
};
