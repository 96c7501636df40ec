import type {
  ErrorCode,
  InboxEntry,
  Message,
  Person,
  PresenceState,
  SavedSearch,
  Written,
} from '@lockstep/protocol';
import type { Annotating, Command, MessageChange, SearchChange } from './pending/command.ts';
import type { PersonalChange } from './ports.ts';

/**
 * `connecting` until the first `ready` and right after a loss; `offline` after a failed attempt (the engine keeps
 * trying and polls meanwhile); `ended` when the session is over: nothing is tried any more.
 */
export type Connection = 'connecting' | 'online' | 'offline' | 'ended';

/** A message being sent. It leaves the outbox in the same update in which the stored message appears. */
export interface OutboxItem extends Written {
  readonly clientId: string;
  readonly conversationId: string;
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

/** What a person has searched for and keeps, on all their devices. */
export interface RememberedSearches {
  /** The last used first. */
  readonly recent: readonly SavedSearch[];
  /** In the order in which they were saved. */
  readonly saved: readonly SavedSearch[];
}

/** What stands in the composer of a conversation. */
export interface DraftState {
  readonly text: string;
  /** Version of the server's text that it is based on; 0 if none is known. */
  readonly version: number;
  /** The server does not have it yet. */
  readonly pending: boolean;
  /** It was merged from the texts of two devices; true until the next edit. */
  readonly conflict: boolean;
}

/** Why the session is over. Local data is wiped, except for `expired`: then the user may sign in again. */
export type EndedBecause = 'signed_out' | 'revoked' | 'expired';

/** A reason of a newer server's wipes nothing. */
export const endedBecause = (said: string | undefined): EndedBecause =>
  said === 'signed_out' || said === 'revoked' ? said : 'expired';

/** What this device compares with `Transport.digest` (rule 12): equal when nothing is in flight. */
export interface LocalDigest {
  readonly overall: string;
  /** By conversation id. */
  readonly conversations: Readonly<Record<string, string>>;
  /** Of the windows, each from its first to its last `seq`. */
  readonly ranges: readonly {
    readonly conversationId: string;
    readonly from: number;
    readonly to: number;
    readonly digest: string;
  }[];
}

/** An immutable snapshot; what did not change is the same object as before. */
export interface SyncState {
  readonly me: { readonly userId: string };
  readonly connection: Connection;
  /**
   * Why no socket can be opened although calls work, with connection `offline`: something in between blocks sockets,
   * or the page has another origin than the server. Changes come by polling. `version`: client and server are of
   * versions that do not go together; everything waits.
   */
  readonly blocked: 'sockets' | 'origin' | 'version' | null;
  /** With connection `ended` only. */
  readonly endedBecause: EndedBecause | null;
  /** The stored data has been read: the list may be shown. */
  readonly loaded: boolean;
  /** `memory`: nothing outlives the page, because the browser provides no storage (private window, full, broken). */
  readonly storage: 'disk' | 'memory';
  /** This tab sends what is pending and writes the disk for all tabs of the browser. */
  readonly leader: boolean;
  /** The first pull of the inbox is done: the list is complete. */
  readonly caughtUp: boolean;
  /** Inbox cursor. */
  readonly pos: number;
  /** By conversation id; only those one is a member of. */
  readonly inbox: ReadonlyMap<string, InboxEntry>;
  /** By conversation id; those opened lately. */
  readonly timelines: ReadonlyMap<string, TimelineState>;
  /** By id: all commands of the user that the server does not have yet, or has refused. */
  readonly commands: ReadonlyMap<string, Command>;
  /** By conversation id: the edits and recalls among them, in the order in which they were given. */
  readonly changes: ReadonlyMap<string, readonly MessageChange[]>;
  /** The messages among them, in the order of sending. */
  readonly outbox: readonly OutboxItem[];
  readonly people: ReadonlyMap<string, Person>;
  /** Cursor of the changes of people; null before the first. */
  readonly peopleRev: number | null;
  /** By conversation id; never oneself. */
  readonly typing: ReadonlyMap<string, readonly Typing[]>;
  readonly presence: ReadonlyMap<string, PresenceState>;
  /** By conversation id, then user id: how far they have read. For small conversations that were opened. */
  readonly receipts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** By conversation id: what the composer shows. Nothing was ever written where there is none. */
  readonly drafts: ReadonlyMap<string, DraftState>;
  readonly searches: RememberedSearches;
  /** From the server's time of the newest pushed message to its arrival, in ms; null before the first. */
  readonly lag: number | null;
}

/** One device: keeps the state equal to the server's and sends what the user does. */
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
  /** While a conversation is shown, its window is kept, however many others are opened. Returns what ends it. */
  hold(conversationId: string): () => void;
  loadBefore(conversationId: string): Promise<void>;
  loadAfter(conversationId: string): Promise<void>;
  /** Replaces the window by one around `seq`. */
  loadAround(conversationId: string, seq: number): Promise<void>;
  /** Replaces the window by one around the first message at or after `at` (ms); its `seq`, null when all are older. */
  loadAtTime(conversationId: string, at: number): Promise<number | null>;
  jumpToNewest(conversationId: string): Promise<void>;
  /** Puts a message, a text or more, into the outbox and takes the draft away; the client id returned is the stored message's. */
  send(conversationId: string, said: string | Written): string;
  /** Sends what was refused again, by the id of its command: a message under the same client id (rule 2). */
  retry(id: string): void;
  /** Drops an unsent or refused command; with a message also its pending edits and recalls. */
  discard(id: string): void;
  /**
   * Applied locally at once, sent debounced. Texts that two devices wrote at the same time are merged: nothing is
   * lost.
   */
  setDraft(conversationId: string, text: string): void;
  /** Applied locally at once and sent when possible; the last writer wins. */
  setPersonal(conversationId: string, change: Omit<PersonalChange, 'placeSeq'>): void;
  /** The message at the top of the view when leaving; null at the newest. Debounced. */
  setLastViewed(conversationId: string, seq: number | null): void;
  /**
   * Applied locally at once. `message` is its `seq`, or the client id of a message that is not sent yet; the edit is
   * then sent after it. The server refuses it with `conflict` if `editedAt` of the message is no longer
   * `baseEditedAt` (that of the text being edited); without `baseEditedAt` the last edit wins. A refused edit stays
   * in `commands` with its text. Resolves once it is on disk.
   */
  edit(
    conversationId: string,
    message: number | string,
    body: string,
    baseEditedAt?: number | null,
  ): Promise<void>;
  /** As `edit`. */
  recall(conversationId: string, message: number | string): Promise<void>;
  /** Sets something beside the text: at once here, then on the server. What that refuses is taken back. */
  annotate(conversationId: string, seq: number, annotating: Annotating): Promise<void>;
  /** Applied locally at once, then sent. */
  changeSearches(change: SearchChange): void;
  /** Fetches the remembered searches; called before they are shown. */
  refreshSearches(): void;
  /** Searches stored by an earlier version of the app; ignored once the server has returned its own. */
  applySearches(searches: readonly SavedSearch[]): void;
  /** Applied locally at once, sent debounced; never lowers the position (rule 7). */
  markRead(conversationId: string, seq: number): void;
  /** Something was typed: the others are told, at most every 3 s. */
  typing(conversationId: string): void;
  /** Replaces the set of people whose presence is kept up to date. */
  watchPresence(userIds: string[]): void;
  /** Loads these people into `people`. */
  needPeople(userIds: string[]): void;
  /** Adds people that came with the answer of another call, such as a search. */
  applyPeople(people: readonly Person[]): void;
  /** What a create, open or join call returned. */
  applyEntry(entry: InboxEntry): void;
  digest(): LocalDigest;
  /** Resolves once everything known up to now is on disk. */
  flush(): Promise<void>;
  /** Stops, and deletes all that this device holds of the account. */
  wipe(): Promise<void>;
}
