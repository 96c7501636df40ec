import type { InboxEntry, Message, SavedSearch } from '@lockstep/protocol';
import { OpenMap, withKey, withoutKey } from './maps.ts';
import { type Command, conversationOf, isCommand } from './pending/command.ts';
import { withDraft } from './pending/draft.ts';
import { type LocalDraft, reconcile } from './pending/local-draft.ts';
import { withoutCommands } from './pending/registry.ts';
import { shown } from './shown.ts';
import type { SyncState, TimelineState } from './types.ts';
import type { Tally } from './unread.ts';

/** The state with what only the engine needs to know. */
export interface Model extends SyncState {
  readonly drafts: ReadonlyMap<string, LocalDraft>;
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

/**
 * Sets a window. In the same step it removes pending messages that are in `shown` or that the window has passed, so a
 * message is never shown twice and never missing.
 */
export const withTimeline = (
  model: Model,
  conversationId: string,
  timeline: TimelineState,
  shown: readonly Message[],
): Model => {
  const next = { ...model, timelines: withKey(model.timelines, conversationId, timeline) };
  return isLoaded(timeline) ? withoutStored(next, conversationId, shown, timeline.rev) : next;
};

/** Drops a window, and with it the commands that were only waiting for the window. */
export const withoutTimeline = (model: Model, conversationId: string): Model =>
  withoutStored(
    {
      ...model,
      timelines: withoutKey(model.timelines, conversationId),
      receipts: withoutKey(model.receipts, conversationId),
    },
    conversationId,
    [],
    Number.POSITIVE_INFINITY,
  );

/** Without the commands that the server has carried out: seen in `shown`, or known to be at or before `rev`. */
export const withoutStored = (
  model: Model,
  conversationId: string,
  shown: readonly Message[],
  rev: number,
): Model => {
  if (model.commands.size === 0) return model;
  const mine = new Set(shown.filter((m) => m.senderId === model.me.userId).map((m) => m.clientId));
  const isDone = (command: Command) =>
    (command.storedRev !== null && command.storedRev <= rev) ||
    (isCommand(command, 'send') && mine.has(command.id));
  const done = [...model.commands.values()].filter(
    (command) => isDone(command) && conversationOf(command) === conversationId,
  );
  return withoutCommands(
    model,
    done.map(({ id }) => id),
  );
};

/**
 * Puts an entry in place, and with it what is shown of it and its draft. `detailsRev`: where the entry's conversation
 * came whole from the server, its `headRev` there.
 */
export const withEntry = (model: Model, entry: InboxEntry, tally: Tally, detailsRev?: number): Model => {
  const { id } = entry.conversation;
  const draft = reconcile(model.drafts.get(id), id, entry.draft);
  const details = detailsRev === undefined ? model.details : withKey(model.details, id, detailsRev);
  const next = {
    ...model,
    details,
    entries: withKey(model.entries, id, entry),
    tallies: withKey(model.tallies, id, tally),
    removed: withoutKey(model.removed, id),
  };
  return shown(draft ? withDraft(next, draft) : next, id);
};
