import type { InboxEntry, Message } from '@lockstep/protocol';
import { withKey, withoutKey } from './maps.ts';
import { isLoaded, type Model } from './model.ts';
import { isCommand } from './pending/command.ts';
import { withDraft } from './pending/draft.ts';
import { applyServerDraft } from './pending/local-draft.ts';
import { withoutCommands } from './pending/registry.ts';
import { shown } from './shown.ts';
import type { TimelineState } from './types.ts';
import type { Tally } from './unread.ts';

/**
 * Puts a window in place. What waits and is in `shown`, or what the window has passed, goes in the same step: a message is
 * never seen twice, and never in neither place.
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

/** Drops a window; what was stored has nothing left to wait for. */
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
  const mine = shown.filter((m) => m.senderId === model.me.userId).map((m) => m.clientId);
  const sent = mine.filter((clientId) => isCommand(model.commands.get(clientId), 'send'));
  const stored = model.stored.get(conversationId) ?? [];
  const passed = stored.filter(({ storedRev }) => storedRev !== null && storedRev <= rev);
  return withoutCommands(model, [...sent, ...passed.map(({ id }) => id)]);
};

/**
 * Puts an entry in place, and with it what is shown of it and its draft. `detailsRev`: where the entry's conversation
 * came whole from the server, its `headRev` there.
 */
export const withEntry = (model: Model, entry: InboxEntry, tally: Tally, detailsRev?: number): Model => {
  const { id } = entry.conversation;
  const draft = applyServerDraft(model.drafts.get(id), id, entry.draft);
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
