import type { InboxEntry, Message, Person } from '@lockstep/protocol';
import type { OutboxItem } from '../types.ts';

/**
 * What a device keeps of one account between two starts. Two kinds of data with two kinds of writers:
 *
 * - The **mirror** of the server (inbox entries, `pos`, people, messages) has one writer, the leading tab. It takes over
 *   with `takeOver`, and each `write` names the epoch it was given: whoever was deposed meanwhile is refused.
 * - What this person **did and the server does not have yet** (outbox, drafts, personal changes, read positions) is
 *   written by every tab, in the shared tables. It is never evicted.
 *
 * Every method is one transaction: it happens wholly or not at all. After `wipe` and `close` nothing is written any more.
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
   * Makes this tab the only writer of the mirror. When `pos` of the disk is ahead of the caller's, another tab knew more:
   * take what `load` gives into the state before writing.
   */
  takeOver(): Promise<{ epoch: number; pos: number }>;
  /** Rejects with StaleWriter when another tab has taken over since `epoch`; nothing is written then. */
  write(epoch: number, batch: StoreWrite): Promise<void>;
  /**
   * What is stored of `from`..`to` (by `seq`, both included), ascending, and how far it is up to date. It may be less
   * than `load` promised, even nothing: evicted since. Every tab may ask; a page older than the asking window has to be
   * brought to its `rev` with what was applied since, or be fetched instead.
   */
  messages(conversationId: string, from: number, to: number): Promise<HeldMessages>;

  readonly outbox: SharedTable<OutboxRecord>;
  /**
   * A record that is not pending stays for as long as the entry of its conversation is stored with an older draft: the
   * text must not go before what has it is there. `write`, `update` and `send` see to that.
   */
  readonly drafts: SharedTable<DraftRecord>;
  readonly personal: SharedTable<PersonalRecord>;
  readonly reading: SharedTable<ReadingRecord>;
  /** In one transaction: puts the message into the outbox, and changes the draft of its conversation as `update` does. */
  send(item: OutboxRecord, draft: Change<DraftRecord>): Promise<void>;

  /**
   * Deletes everything of this account on this device, for all tabs. Resolves within seconds, also when one is frozen.
   * Rejects when the disk let nothing be deleted: then it has to be tried again.
   */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/** `full`: no room. `taken`: another tab has wiped it, or opened it with a newer schema. `unusable`: everything else. */
export type DegradedReason = 'full' | 'taken' | 'unusable';

/** Must not wait, and may run twice; null deletes, the same object changes nothing. */
export type Change<R> = (held: R | null) => R | null;

/** Nothing in it that is not in the entry as well, or on the server where no entry is held. */
export const isSpent = ({ pending, version }: DraftRecord, entry: InboxEntry | undefined): boolean =>
  !pending && version <= (entry ? (entry.draft?.version ?? 0) : version);

/** Records of which every tab may write any, by key: see the record types. */
export interface SharedTable<R> {
  /** `outbox` by `order`, then `clientId`; the others by conversation id. */
  all(): Promise<R[]>;
  get(key: string): Promise<R | null>;
  put(record: R): Promise<void>;
  delete(key: string): Promise<void>;
  /** Reads, changes and writes in one transaction, so that tabs do not undo each other. Resolves with what is stored then. */
  update(key: string, change: Change<R>): Promise<R | null>;
}

/** By `clientId`. */
export interface OutboxRecord extends OutboxItem {
  /** Place in the order of sending, across tabs: see `nextOrder`; equal ones go by `clientId`. */
  readonly order: number;
  /** `rev` under which the server has stored it, once known. */
  readonly storedRev: number | null;
}

/** By `conversationId`. */
export interface DraftRecord {
  readonly conversationId: string;
  readonly text: string;
  /** Of the server's draft on which this one is written. */
  readonly version: number;
  /** The server does not have it yet. */
  readonly pending: boolean;
  /** Two devices wrote at once, and `text` holds both: for the person to tidy up. */
  readonly conflict: boolean;
  /** By this device's clock, in ms. */
  readonly changedAt: number;
}

/** By `conversationId`: what the server has not confirmed. */
export interface PersonalRecord {
  readonly conversationId: string;
  readonly change: {
    readonly markedUnread?: boolean;
    readonly mutedUntil?: number | null;
    readonly pinned?: boolean;
    readonly archived?: boolean;
    readonly placeSeq?: number | null;
  };
  /** By this device's clock, in ms. */
  readonly changedAt: number;
}

/** By `conversationId`: a read position that the server has not confirmed. */
export interface ReadingRecord {
  readonly conversationId: string;
  readonly seq: number;
}

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
  /** 0 when nothing of the conversation is held. */
  readonly rev: number;
  /** Of the whole conversation. */
  readonly ranges: readonly Range[];
  readonly messages: Message[];
}

export interface SavedState {
  readonly userId: string;
  readonly pos: number;
  readonly entries: InboxEntry[];
  readonly people: Person[];
  /** Of the changes of people; null before the first. */
  readonly peopleRev: number | null;
  readonly held: Held[];
  readonly outbox: OutboxRecord[];
  readonly drafts: DraftRecord[];
  readonly personal: PersonalRecord[];
  readonly reading: ReadingRecord[];
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
  /** See Held; only grows. Leave it out when nobody looks. */
  readonly readAt?: number;
}

/** Done in the order of the fields, in one transaction. */
export interface StoreWrite {
  /** Forgets all entries and the cursor (rule 8). */
  readonly resetInbox?: boolean;
  /** No longer a member: the entry goes, and the messages with it. Outbox and drafts stay. */
  readonly removed?: readonly string[];
  /** One that is older than the stored one, by `pos` and then `headRev`, is left out. */
  readonly entries?: readonly InboxEntry[];
  /** The cursor that the entries stand for: it never moves without them, and never back (other than by `resetInbox`). */
  readonly pos?: number;
  readonly people?: readonly Person[];
  /** The cursor that the people stand for. It may go back: who was on the disk before may be older than it said. */
  readonly peopleRev?: number;
  /** Conversations whose messages are dropped, all of them. */
  readonly droppedMessages?: readonly string[];
  readonly held?: readonly HeldWrite[];
  /** Never replaces a newer `rev` of the same message. */
  readonly messages?: readonly Message[];
  /** Client ids that leave the outbox, because the server has their messages. */
  readonly sent?: readonly string[];
}

/** The writer was deposed: another tab leads. */
export class StaleWriter extends Error {
  override readonly name = 'StaleWriter';
  constructor() {
    super('another tab has taken over the local store');
  }
}

/** The `order` of a new outbox record: after all that this tab knows of, and by time among tabs. */
export const nextOrder = (known: Iterable<Pick<OutboxRecord, 'order'>>, now: number): number => {
  let order = now;
  for (const record of known) order = Math.max(order, record.order + 1);
  return order;
};

export const inOrder = (a: OutboxRecord, b: OutboxRecord): number =>
  a.order - b.order || (a.clientId < b.clientId ? -1 : a.clientId > b.clientId ? 1 : 0);
