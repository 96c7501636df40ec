import type { InboxEntry, Message, Person, SavedSearch } from '@lockstep/protocol';
import type { Command } from '../pending/command.ts';

/**
 * What a device keeps of one account between two starts. Two kinds of data with two kinds of writers:
 *
 * - The **mirror** of the server (inbox entries, `pos`, people, messages, searches) has one writer, the leading tab.
 *   It takes over with `takeOver`, and each `write` names the epoch it got: a tab that has lost leadership in the
 *   meantime is refused.
 * - The **pending commands** of the user, which the server does not have yet, are written by every tab, one row a
 *   command. They are never evicted.
 *
 * Every method is one transaction. After `wipe` and `close` nothing is written any more.
 */
export interface LocalStore {
  /**
   * `memory` when there is no disk: private window, blocked, full, corrupted beyond repair, taken away by another tab.
   * Nothing is shared between tabs then: a tab whose store is `memory` sends its own outbox, whoever leads.
   */
  readonly kind: 'disk' | 'memory';
  /** Called once, when `disk` turns into `memory` while opening or running. */
  onDegraded(listener: (reason: DegradedReason) => void): () => void;

  /** Everything but the messages. Opens the store. Never rejects: without a disk it is empty. */
  load(): Promise<SavedState>;
  /**
   * Makes this tab the only writer of the mirror. If the stored `pos` is ahead of the caller's, another tab knew
   * more: merge what `load` returns into the state before writing.
   */
  takeOver(): Promise<{ epoch: number; pos: number }>;
  /** Rejects with StaleWriter when another tab has taken over since `epoch`; nothing is written then. */
  write(epoch: number, batch: StoreWrite): Promise<void>;
  /**
   * What is stored of `from`..`to` (by `seq`, both included), ascending, and how far it is up to date. It may be less
   * than `load` reported, even nothing, if it was evicted since. Every tab may call it; a page older than the
   * caller's window has to be brought to its `rev` with the changes applied since, or be fetched instead.
   */
  messages(conversationId: string, from: number, to: number): Promise<HeldMessages>;

  readonly commands: CommandTable;

  /**
   * Deletes everything of this account on this device, for all tabs. Resolves within seconds, also when one is
   * frozen. Rejects if nothing could be deleted: then it has to be tried again.
   */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/** `full`: no room. `taken`: another tab has wiped it, or opened it with a newer schema. `unusable`: everything else. */
export type DegradedReason = 'full' | 'taken' | 'unusable';

/**
 * Rows by id. A draft that is not pending stays until the stored entry of its conversation has its text, so that the
 * text is always stored somewhere. `write` and `change` ensure that.
 */
export interface CommandTable {
  /** In the order of sending. */
  all(): Promise<Command[]>;
  get(id: string): Promise<Command | null>;
  /**
   * Reads, changes and writes these rows in one transaction, so that tabs do not undo each other. Resolves with what is
   * stored then.
   */
  change(ids: readonly string[], change: Change): Promise<Rows>;
}

/** As many as ids, in their order; null: there is none. */
export type Rows = readonly (Command | null)[];

/** Must be synchronous and may run twice; null deletes, the same object changes nothing. */
export type Change = (held: Rows) => Rows;

/** Both ends included, by `seq`. */
export type Range = readonly [from: number, to: number];

/** What is stored of a conversation: exactly the messages of `ranges`, with everything up to `rev` applied. */
export interface Held {
  readonly conversationId: string;
  readonly rev: number;
  /** Ascending, neither overlapping nor touching. */
  readonly ranges: readonly Range[];
  /** When the person last had it open, by this device's clock in ms: the least recent goes first when room is short. */
  readonly readAt: number;
}

export interface HeldMessages {
  /** Of all that is stored: see SavedState. */
  readonly generation: string | null;
  /** 0 when nothing of the conversation is held. */
  readonly rev: number;
  /** Of the whole conversation. */
  readonly ranges: readonly Range[];
  readonly messages: Message[];
}

export interface SavedState {
  readonly userId: string;
  /** Which history of the server's data this is of (InboxPage); null before the first restore. */
  readonly generation: string | null;
  readonly pos: number;
  readonly entries: InboxEntry[];
  readonly people: Person[];
  /** Of the changes of people; null before the first. */
  readonly peopleRev: number | null;
  readonly held: Held[];
  /** What is remembered of searches, as the server last said. */
  readonly searches: readonly SavedSearch[];
  readonly commands: Command[];
}

/**
 * What `messages` of the same batch say about one conversation: they hold the newest state of everything that changed
 * after `since` up to `rev`, and whatever of `ranges` is not stored yet. So a push is
 * `{ since: known, rev: new, ranges: [[seq, seq]] }`, and a page is `{ since: rev, rev, ranges: [[first, last]] }`.
 *
 * The store keeps only what it can vouch for (the tab that writes may know less, or more, than the one before it):
 * - `since` after the stored `rev`: what was held has missed changes and is dropped; the batch stands alone.
 * - `rev` before the stored `rev`: `ranges` are not taken in; messages still replace older states of themselves.
 * - otherwise the ranges are joined, and the stored `rev` becomes `rev`.
 * Of `ranges` only those places count whose message is stored or in the batch; messages outside are not stored.
 */
export interface HeldWrite {
  readonly conversationId: string;
  readonly since: number;
  readonly rev: number;
  readonly ranges: readonly Range[];
  /** See Held; only grows. Leave it out if the user did not open the conversation. */
  readonly readAt?: number;
}

/** Done in the order of the fields, in one transaction. */
export interface StoreWrite {
  /** Forgets all entries and the cursor (rule 8). */
  readonly resetInbox?: boolean;
  /** From now on it is of this one. Comes with `resetInbox`, and drops the messages of every conversation. */
  readonly generation?: string | null;
  /** No longer a member: the entry goes, and the messages with it. Commands stay. */
  readonly removed?: readonly string[];
  /** One that is older than the stored one, by `pos` and then `headRev`, is left out. */
  readonly entries?: readonly InboxEntry[];
  /** The cursor that the entries stand for: it never moves without them, and never back (other than by `resetInbox`). */
  readonly pos?: number;
  readonly people?: readonly Person[];
  /** The cursor that the people stand for. It may go back: people stored before may be older than the cursor. */
  readonly peopleRev?: number;
  /** Conversations whose messages are dropped, all of them. */
  readonly droppedMessages?: readonly string[];
  readonly held?: readonly HeldWrite[];
  /** Never replaces a newer `rev` of the same message. */
  readonly messages?: readonly Message[];
  readonly searches?: readonly SavedSearch[];
}

/** The writer no longer leads: another tab has taken over. */
export class StaleWriter extends Error {
  override readonly name = 'StaleWriter';
  constructor() {
    super('another tab has taken over the local store');
  }
}
