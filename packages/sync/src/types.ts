import type { ErrorCode, InboxEntry, Message, Person, PresenceState } from '@lockstep/protocol';

/**
 * `connecting` until the first `ready` and right after a loss; `offline` after a failed attempt (the engine keeps
 * trying and polls meanwhile); `ended` when the session is over: nothing is tried any more.
 */
export type Connection = 'connecting' | 'online' | 'offline' | 'ended';

/** A message on its way. It leaves the outbox in the same update in which the stored message appears. */
export interface OutboxItem {
  readonly clientId: string;
  readonly conversationId: string;
  readonly body: string;
  /** By this device's clock, in ms. */
  readonly createdAt: number;
  readonly state: 'pending' | 'sending' | 'failed';
  /** Why the server refused it; with `failed` only. */
  readonly error: ErrorCode | null;
}

/** A window on a conversation: contiguous by `seq`, everything up to `rev` applied. */
export interface TimelineState {
  /** The applied cursor. */
  readonly rev: number;
  /** Ascending by `seq`, without holes. */
  readonly messages: readonly Message[];
  readonly hasBefore: boolean;
  /** True when the window is not at the head: jumped back, trimmed, or not loaded yet. */
  readonly hasAfter: boolean;
  readonly loading: null | 'newest' | 'before' | 'after' | 'around';
  /** Of the last load; cleared by the next. */
  readonly error: ErrorCode | null;
}

export interface Typing {
  readonly userId: string;
  /** By this device's clock, in ms. */
  readonly until: number;
}

/** An immutable snapshot; what did not change is the same object as before. */
export interface SyncState {
  readonly me: { readonly userId: string };
  readonly connection: Connection;
  /** The first pull of the inbox is done: the list is complete. */
  readonly caughtUp: boolean;
  /** Inbox cursor. */
  readonly pos: number;
  /** By conversation id; only those one is a member of. */
  readonly inbox: ReadonlyMap<string, InboxEntry>;
  /** By conversation id; those opened lately. */
  readonly timelines: ReadonlyMap<string, TimelineState>;
  /** In the order of sending. */
  readonly outbox: readonly OutboxItem[];
  readonly people: ReadonlyMap<string, Person>;
  /** By conversation id; never oneself. */
  readonly typing: ReadonlyMap<string, readonly Typing[]>;
  readonly presence: ReadonlyMap<string, PresenceState>;
}

/** One device: keeps the state equal to the server's, and says what its person does. */
export interface Engine {
  getState(): SyncState;
  /** Called after each change of the state, never during one; returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /** Connects and keeps going until `stop` or the end of the session. */
  start(): void;
  stop(): void;
  /** The network or the page is back: reconnects at once, or checks that nothing was missed. */
  wake(): void;
  /** The browser says that there is no network: drops the socket now instead of waiting for its timeout. */
  suspend(): void;
  /** Loads the newest page, or catches up from where it was, and stays live. Never rejects: see TimelineState.error. */
  open(conversationId: string): Promise<void>;
  loadBefore(conversationId: string): Promise<void>;
  loadAfter(conversationId: string): Promise<void>;
  /** Replaces the window by one around `seq`. */
  loadAround(conversationId: string, seq: number): Promise<void>;
  jumpToNewest(conversationId: string): Promise<void>;
  /** Puts a message into the outbox; the client id returned is the stored message's. */
  send(conversationId: string, body: string): string;
  /** Sends a failed message again under the same client id (rule 2). */
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** Reject with LockstepError. */
  edit(conversationId: string, seq: number, body: string): Promise<void>;
  recall(conversationId: string, seq: number): Promise<void>;
  /** At once here, debounced to the server; never lowers the position (rule 7). */
  markRead(conversationId: string, seq: number): void;
  /** Tell the others, at most every 3 s. */
  typing(conversationId: string): void;
  /** Replaces the set of people whose presence is kept up to date. */
  watchPresence(userIds: string[]): void;
  /** Sees to it that these people get into `people`. */
  needPeople(userIds: string[]): void;
  /** What a create, open or join call returned. */
  applyEntry(entry: InboxEntry): void;
}
