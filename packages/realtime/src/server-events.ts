import type {
  ChangesEvent,
  EndedEvent,
  InboxEntry,
  PeopleEvent,
  ReceiptEvent,
  TypingEvent,
} from '@lockstep/protocol';

/** What one process tells all of them, itself included: each applies it to its own sockets. */
export type Push =
  /** `at`: when it was published, in epoch ms. An older process does not say. */
  | { type: 'changes'; event: ChangesEvent; at?: number }
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
  /** All who are online there. Null when this only tells of a change. */
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
