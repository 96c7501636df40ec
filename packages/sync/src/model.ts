import type { InboxEntry, SavedSearch } from '@lockstep/protocol';
import { OpenMap } from './maps.ts';
import type { Command } from './pending/command.ts';
import type { LocalDraft } from './pending/local-draft.ts';
import type { SyncState, TimelineState } from './types.ts';
import type { Tally } from './unread.ts';

/** The state with what only the engine needs to know. */
export interface Model extends SyncState {
  readonly drafts: ReadonlyMap<string, LocalDraft>;
  /** Of `commands`, by key: what is to go out, in its order. */
  readonly waiting: ReadonlyMap<string, readonly Command[]>;
  /** Of `commands`, by conversation id: what the server has carried out and the window does not show yet. */
  readonly stored: ReadonlyMap<string, readonly Command[]>;
  /** The server's entries with the changes known since. `inbox` is the same with unconfirmed commands on top. */
  readonly entries: ReadonlyMap<string, InboxEntry>;
  /** What `unread` is derived from, by conversation. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** The `rev` as of which title, topic and members of a conversation are known; its head may be further. */
  readonly details: ReadonlyMap<string, number>;
  /** Conversations the user has left, with the `pos` of that change: an older entry must not bring them back. */
  readonly removed: ReadonlyMap<string, number>;
  /** Conversations whose entry has to be fetched, because the cursors may have moved past its changes. */
  readonly staleEntries: ReadonlySet<string>;
  /** As last received from the server; `searches` is the same with unconfirmed changes on top. */
  readonly knownSearches: readonly SavedSearch[];
  /** Which history of the server's data this is of (InboxPage); undefined before the disk or the server has said. */
  readonly generation: string | null | undefined;
}

/** The next model, and what has to be fetched because it could not be told from what came. */
export interface Applied {
  model: Model;
  /** The timeline misses changes: pull them after its `rev`. */
  pull: boolean;
  /** The inbox entry misses something: fetch it. */
  refresh: boolean;
}

export const emptyModel = (userId: string): Model => ({
  me: { userId },
  connection: 'connecting',
  blocked: null,
  endedBecause: null,
  loaded: false,
  storage: 'memory',
  leader: false,
  caughtUp: false,
  pos: 0,
  inbox: new Map(),
  timelines: new Map(),
  commands: new Map(),
  changes: new Map(),
  waiting: new Map(),
  stored: new Map(),
  outbox: [],
  people: new Map(),
  peopleRev: null,
  typing: new Map(),
  presence: new Map(),
  receipts: new Map(),
  drafts: new Map(),
  searches: { recent: [], saved: [] },
  lag: null,
  entries: new Map(),
  tallies: new Map(),
  details: new Map(),
  removed: new Map(),
  staleEntries: new Set(),
  knownSearches: [],
  generation: undefined,
});

const PER_CONVERSATION = ['inbox', 'entries', 'tallies', 'details', 'drafts'] as const;

/** Many changes of many conversations as one. */
export const inBulk = (model: Model, change: (open: Model) => Model): Model => {
  const copy = (
    from: Model,
    make: (map: ReadonlyMap<string, never>) => ReadonlyMap<string, never>,
  ): Model => ({
    ...from,
    ...Object.fromEntries(
      PER_CONVERSATION.map((key) => [key, make(from[key] as ReadonlyMap<string, never>)]),
    ),
  });
  const changed = change(copy(model, (map) => new OpenMap(map)));
  return copy(changed, (map) => new Map(map));
};

/** No page was ever put into this window. An empty conversation that was loaded has `hasAfter` false. */
export const isLoaded = (timeline: TimelineState): boolean =>
  timeline.messages.length > 0 || !timeline.hasAfter;

/** Changes are known to exist that the window does not have. */
export const isBehind = (model: Model, conversationId: string): boolean => {
  const timeline = model.timelines.get(conversationId);
  const entry = model.entries.get(conversationId);
  return !!timeline && !!entry && entry.conversation.headRev > timeline.rev;
};
