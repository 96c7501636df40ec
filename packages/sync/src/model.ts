import type { InboxEntry, Message } from '@lockstep/protocol';
import type { OutboxItem, SyncState, TimelineState } from './types.ts';
import type { Tally } from './unread.ts';

/** An item of the outbox, with the `rev` of its message once the server has stored it. */
export interface SentItem extends OutboxItem {
  readonly storedRev: number | null;
}

/** The state with what only the engine needs to know. */
export interface Model extends SyncState {
  readonly outbox: readonly SentItem[];
  /** What `unread` is derived from, by conversation. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** The `rev` as of which title, topic and members of a conversation are known; its head may be further. */
  readonly details: ReadonlyMap<string, number>;
  /** Conversations left, with the `pos` that said so: an older entry must not bring them back. */
  readonly removed: ReadonlyMap<string, number>;
  /** Read positions not confirmed by the server yet. */
  readonly reading: ReadonlyMap<string, number>;
}

export const emptyModel = (userId: string): Model => ({
  me: { userId },
  connection: 'connecting',
  caughtUp: false,
  pos: 0,
  inbox: new Map(),
  timelines: new Map(),
  outbox: [],
  people: new Map(),
  typing: new Map(),
  presence: new Map(),
  tallies: new Map(),
  details: new Map(),
  removed: new Map(),
  reading: new Map(),
});

export const withKey = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  map.get(key) === value && map.has(key) ? map : new Map(map).set(key, value);

export const withoutKey = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
};

/** Nothing was ever put into this window. An empty conversation that was loaded has `hasAfter` false. */
export const isLoaded = (timeline: TimelineState): boolean =>
  timeline.messages.length > 0 || !timeline.hasAfter;

/** Changes are known to exist that the window does not have. */
export const isBehind = (model: Model, conversationId: string): boolean => {
  const timeline = model.timelines.get(conversationId);
  const entry = model.inbox.get(conversationId);
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

/** `detailsRev`: where the entry's conversation came whole from the server, its `headRev` there. */
export const withEntry = (model: Model, entry: InboxEntry, tally: Tally, detailsRev?: number): Model => ({
  ...model,
  details:
    detailsRev === undefined ? model.details : withKey(model.details, entry.conversation.id, detailsRev),
  inbox: withKey(model.inbox, entry.conversation.id, entry),
  tallies: withKey(model.tallies, entry.conversation.id, tally),
  removed: withoutKey(model.removed, entry.conversation.id),
});
