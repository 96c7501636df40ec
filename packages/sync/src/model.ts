import type { InboxEntry, Message } from '@lockstep/protocol';
import { type LocalDraft, reconcile } from './draft.ts';
import type { PersonalChange } from './ports.ts';
import { shownEntry } from './shown.ts';
import type { OutboxRecord } from './store/port.ts';
import type { SyncState, TimelineState } from './types.ts';
import type { Tally } from './unread.ts';

/** An item of the outbox, with its place and the `rev` of its message once the server has stored it. */
export type SentItem = OutboxRecord;

/** The state with what only the engine needs to know. */
export interface Model extends SyncState {
  readonly outbox: readonly SentItem[];
  readonly drafts: ReadonlyMap<string, LocalDraft>;
  /** What the server said, with the changes known since. `inbox` is that with what is not confirmed yet on top. */
  readonly entries: ReadonlyMap<string, InboxEntry>;
  /** What `unread` is derived from, by conversation. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** The `rev` as of which title, topic and members of a conversation are known; its head may be further. */
  readonly details: ReadonlyMap<string, number>;
  /** Conversations left, with the `pos` that said so: an older entry must not bring them back. */
  readonly removed: ReadonlyMap<string, number>;
  /** Conversations whose entry has to be fetched: the cursors may have moved past what it is to bring. */
  readonly owed: ReadonlySet<string>;
  /** Read positions not confirmed by the server yet. */
  readonly reading: ReadonlyMap<string, number>;
  /** What is personal and not confirmed by the server yet. */
  readonly personal: ReadonlyMap<string, PersonalChange>;
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
  outbox: [],
  people: new Map(),
  peopleRev: null,
  typing: new Map(),
  presence: new Map(),
  receipts: new Map(),
  drafts: new Map(),
  searches: 0,
  lag: null,
  entries: new Map(),
  tallies: new Map(),
  details: new Map(),
  removed: new Map(),
  owed: new Set(),
  reading: new Map(),
  personal: new Map(),
});

/** A map that nobody else holds yet: changed in place, because a thousand entries are not to be copied a thousand times. */
class OpenMap<K, V> extends Map<K, V> {}

const opened = <K, V>(map: ReadonlyMap<K, V>): Map<K, V> => (map instanceof OpenMap ? map : new Map(map));

export const withKey = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  map.get(key) === value && map.has(key) ? map : opened(map).set(key, value);

export const withoutKey = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  if (!map.has(key)) return map;
  const next = opened(map);
  next.delete(key);
  return next;
};

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

export const without = <T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> =>
  set.has(value) ? new Set([...set].filter((other) => other !== value)) : set;

/** Nothing was ever put into this window. An empty conversation that was loaded has `hasAfter` false. */
export const isLoaded = (timeline: TimelineState): boolean =>
  timeline.messages.length > 0 || !timeline.hasAfter;

/** Changes are known to exist that the window does not have. */
export const isBehind = (model: Model, conversationId: string): boolean => {
  const timeline = model.timelines.get(conversationId);
  const entry = model.entries.get(conversationId);
  return !!timeline && !!entry && entry.conversation.headRev > timeline.rev;
};

/**
 * Puts a window in place. What of the outbox `shown` brings, or the window has passed, goes in the same step: a message
 * is never seen twice, and never in neither place.
 */
export const withTimeline = (
  model: Model,
  conversationId: string,
  timeline: TimelineState,
  shown: readonly Message[],
): Model => ({
  ...model,
  timelines: withKey(model.timelines, conversationId, timeline),
  outbox: isLoaded(timeline) ? settle(model, conversationId, shown, timeline.rev) : model.outbox,
});

/** Drops a window; what was stored has nothing left to wait for. */
export const withoutTimeline = (model: Model, conversationId: string): Model => ({
  ...model,
  timelines: withoutKey(model.timelines, conversationId),
  receipts: withoutKey(model.receipts, conversationId),
  outbox: settle(model, conversationId, [], Number.POSITIVE_INFINITY),
});

/** The outbox without what is stored: seen in `shown`, or known to be at or before `rev`. */
export const settle = (
  model: Model,
  conversationId: string,
  shown: readonly Message[],
  rev: number,
): readonly SentItem[] => {
  if (!model.outbox.some((item) => item.conversationId === conversationId)) return model.outbox;
  const mine = new Set(shown.filter((m) => m.senderId === model.me.userId).map((m) => m.clientId));
  const left = model.outbox.filter(
    (item) =>
      item.conversationId !== conversationId ||
      !(mine.has(item.clientId) || (item.storedRev !== null && item.storedRev <= rev)),
  );
  return left.length === model.outbox.length ? model.outbox : left;
};

/**
 * Puts an entry in place, and with it what is shown of it and its draft. `detailsRev`: where the entry's conversation
 * came whole from the server, its `headRev` there.
 */
export const withEntry = (model: Model, entry: InboxEntry, tally: Tally, detailsRev?: number): Model => {
  const { id } = entry.conversation;
  const draft = reconcile(model.drafts.get(id), id, entry.draft);
  const details = detailsRev === undefined ? model.details : withKey(model.details, id, detailsRev);
  return shown(
    {
      ...model,
      details,
      entries: withKey(model.entries, id, entry),
      tallies: withKey(model.tallies, id, tally),
      removed: withoutKey(model.removed, id),
      drafts: draft ? withKey(model.drafts, id, draft) : model.drafts,
    },
    id,
  );
};

/** The model with what is shown of a conversation made anew: after any change of the parts it is made of. */
export const shown = (model: Model, conversationId: string): Model => {
  const entry = shownEntry(model, conversationId);
  if (!entry) return { ...model, inbox: withoutKey(model.inbox, conversationId) };
  return { ...model, inbox: withKey(model.inbox, conversationId, entry) };
};
