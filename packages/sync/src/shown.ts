import type { InboxEntry } from '@lockstep/protocol';
import { withKey, withoutKey } from './maps.ts';
import type { Model } from './model.ts';
import { changesOf, withChanges } from './pending/target.ts';
import { unconfirmedPersonal, unconfirmedRead } from './pending/unconfirmed.ts';
import { derive } from './unread.ts';

/** The model with the shown entry of a conversation recomputed; called after any change of its parts. */
export const shown = (model: Model, conversationId: string): Model => {
  const entry = shownEntry(model, conversationId);
  if (!entry) return { ...model, inbox: withoutKey(model.inbox, conversationId) };
  return { ...model, inbox: withKey(model.inbox, conversationId, entry) };
};

/**
 * An inbox entry as the user sees it: the server's entry with derived counts (rule 7) and this device's unconfirmed
 * commands on top. Returns the same object if nothing changed. The draft being typed is not part of it but of
 * `drafts`, otherwise each key press would rebuild the whole list.
 */
export const shownEntry = (model: Model, conversationId: string): InboxEntry | undefined => {
  const entry = model.entries.get(conversationId);
  const tally = model.tallies.get(conversationId);
  if (!entry || !tally) return undefined;
  const reading = unconfirmedRead(model, conversationId);
  const readSeq = Math.max(entry.readSeq, Math.min(reading ?? 0, entry.conversation.headSeq));
  const window = model.timelines.get(conversationId);
  const { unread, mentions } = derive(tally, readSeq, window, model.me.userId);
  const next = { ...entry, readSeq, unread, mentions };
  if (reading !== null) next.markedUnread = false;
  personalOn(next, model, conversationId);
  if (next.last && model.commands.size > 0)
    next.last = withChanges(next.last, changesOf(model, conversationId));
  return [entry, model.inbox.get(conversationId)].find((same) => same && isSame(same, next)) ?? next;
};

const personalOn = (entry: InboxEntry, model: Model, conversationId: string) => {
  const change = unconfirmedPersonal(model, conversationId);
  if (!change) return;
  const { markedUnread, mutedUntil, pinned, archived, placeSeq } = change;
  if (markedUnread !== undefined) entry.markedUnread = markedUnread;
  if (mutedUntil !== undefined) entry.mutedUntil = mutedUntil;
  if (placeSeq !== undefined) entry.placeSeq = placeSeq;
  // The server sets the exact values: the last pinned comes first, and archiving counts up to the head.
  if (pinned !== undefined) entry.pinnedAt = pinned ? (entry.pinnedAt ?? Number.MAX_SAFE_INTEGER) : null;
  if (archived !== undefined)
    entry.archivedSeq = archived ? Math.max(entry.archivedSeq ?? 0, entry.conversation.headSeq) : null;
};

const isSame = (a: InboxEntry, b: InboxEntry): boolean =>
  (Object.keys(b) as (keyof InboxEntry)[]).every((key) =>
    key === 'draft'
      ? a.draft?.text === b.draft?.text && a.draft?.version === b.draft?.version
      : a[key] === b[key],
  );
