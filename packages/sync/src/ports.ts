import type {
  ChangePage,
  ChangesEvent,
  DigestRange,
  DraftResult,
  EndedEvent,
  ErrorData,
  InboxEntry,
  InboxEvent,
  InboxPage,
  Message,
  MessagePage,
  Millis,
  PeopleChanges,
  PeopleEvent,
  Person,
  PresenceState,
  ReadyEvent,
  Receipt,
  ReceiptEvent,
  SavedSearch,
  StateDigest,
  TimelineCursor,
  TypingEvent,
} from '@lockstep/protocol';
import type { SearchChange } from './pending/command.ts';
import type { LocalStore } from './store/port.ts';
import type { Tabs } from './tabs/port.ts';

/** What the socket brings. All of it is a hint (rule 9). */
export interface PushHandlers {
  ready(event: ReadyEvent): void;
  changes(event: ChangesEvent): void;
  inbox(event: InboxEvent): void;
  typing(event: TypingEvent): void;
  receipt(event: ReceiptEvent): void;
  presence(event: PresenceState): void;
  people(event: PeopleEvent): void;
  searches(): void;
  ended(event: EndedEvent): void;
  /** The attempt failed or the socket is lost; called at most once, and never after `close`. */
  closed(fault: {
    unauthenticated: boolean;
    ended?: ErrorData['ended'];
    code?: ErrorData['code'] | undefined;
  }): void;
}

/** One attempt at a socket. The engine decides when there is another. */
export interface PushSocket {
  typing(conversationId: string): void;
  /** Replaces the watched people; resolves with their state now. */
  watch(userIds: string[]): Promise<PresenceState[]>;
  /** How far the inbox is applied: for the page of devices. */
  place(pos: number): void;
  close(): void;
}

/** What is personal about a conversation; what is left out stays as it is. */
export interface PersonalChange {
  markedUnread?: boolean;
  mutedUntil?: Millis | null;
  pinned?: boolean;
  archived?: boolean;
  placeSeq?: number | null;
}

/**
 * The way to the server. Calls reject with LockstepError where the server answered so, and with anything else where it
 * could not be reached or the outcome is unknown.
 */
export interface Transport {
  connect(handlers: PushHandlers): PushSocket;
  /**
   * With what changed in these timelines, the most wanted first, at most LIMITS.inboxTimelines, and of people after
   * `peopleRev` (null: from now on).
   */
  inbox(
    afterPos: number,
    limit: number,
    timelines: TimelineCursor[],
    peopleRev: number | null,
  ): Promise<InboxPage>;
  /** One inbox entry as it is now. */
  entry(conversationId: string): Promise<InboxEntry>;
  changes(conversationId: string, afterRev: number, limit: number): Promise<ChangePage>;
  /** Without `seq`: the newest. */
  before(conversationId: string, seq: number | null, limit: number): Promise<MessagePage>;
  after(conversationId: string, seq: number, limit: number): Promise<MessagePage>;
  around(conversationId: string, seq: number, limit: number): Promise<MessagePage>;
  send(conversationId: string, clientId: string, body: string): Promise<Message>;
  edit(conversationId: string, seq: number, body: string, baseEditedAt?: number | null): Promise<Message>;
  recall(conversationId: string, seq: number): Promise<Message>;
  read(conversationId: string, seq: number): Promise<InboxEntry>;
  personal(conversationId: string, change: PersonalChange): Promise<InboxEntry>;
  draft(conversationId: string, text: string, baseVersion: number): Promise<DraftResult>;
  receipts(conversationId: string): Promise<Receipt[]>;
  digest(ranges: DigestRange[]): Promise<StateDigest>;
  /** `seq` of the first message at or after a time; null when all are older. */
  atTime(conversationId: string, at: Millis): Promise<number | null>;
  people(userIds: string[]): Promise<Person[]>;
  peopleChanges(afterRev: number, limit: number): Promise<PeopleChanges>;
}

/** What is remembered of searches, at the server. Rejects as a Transport does; a change answers with all of them. */
export interface SearchesApi {
  list(): Promise<SavedSearch[]>;
  change(change: SearchChange): Promise<SavedSearch[]>;
}

/** Opaque handle of a timer. */
export type Timer = unknown;

export interface Clock {
  /** Milliseconds since 1970. A device's clock may be put back or forward by hours at any time. */
  now(): number;
  /** Milliseconds from any start, that only grow: for what is waited for. */
  monotonic(): number;
  setTimeout(run: () => void, ms: number): Timer;
  clearTimeout(timer: Timer): void;
}

export interface EngineOptions {
  userId: string;
  transport: Transport;
  clock?: Clock;
  /** In [0, 1): jitter. */
  random?: () => number;
  /** A new client id: a UUIDv7. */
  newId?: () => string;
  /** Without it no searches are remembered. */
  searches?: SearchesApi;
  /** What outlives the page; without one nothing does. */
  store?: LocalStore;
  /** The other tabs of this browser; without it there are none. */
  tabs?: Tabs;
  /** Conversations whose newest page is kept in `store` whether or not they are opened. */
  cached?: number;
  /** Told of faults that are a defect of ours, not of the network. */
  onFault?: (error: unknown) => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
