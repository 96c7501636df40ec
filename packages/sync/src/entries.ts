import type { InboxEntry, Message } from '@lockstep/protocol';
import { withKey, without, withoutKey } from './maps.ts';
import { type Applied, isBehind, type Model } from './model.ts';
import { withEntry, withoutTimeline } from './model-changes.ts';
import { commandsOf, handlerOf, withoutCommands } from './pending/registry.ts';
import { unconfirmedRead } from './pending/unconfirmed.ts';
import { derive, tallyOf } from './unread.ts';

/**
 * Merges an inbox entry from the server, whatever its source and order. Personal fields are taken by the greater
 * `pos`, the conversation and its counts by the greater `rev`, and the read position by the greater value (rule 7),
 * so any order of the same entries leads to the same state.
 */
export const mergeEntry = (model: Model, incoming: InboxEntry): Applied => {
  const id = incoming.conversation.id;
  const local = model.entries.get(id);
  if (incoming.role === null) {
    const stale = local ? incoming.pos < local.pos : false;
    return { model: stale ? model : dropConversation(model, id, incoming.pos), pull: false, refresh: false };
  }
  if (!local && incoming.pos < (model.removed.get(id) ?? 0)) return { model, pull: false, refresh: false };
  const details = model.details.get(id) ?? 0;
  const merged = local ? combine(local, incoming, details) : incoming;
  const entry = readBySending(merged, merged.last ? [merged.last] : [], model.me.userId);
  const known = model.tallies.get(id);
  const ahead = incoming.conversation.headRev - (local?.conversation.headRev ?? -1);
  const head = ahead > 0 || (ahead === 0 && incoming.readSeq >= (known?.readSeq ?? 0));
  const tally = head || !known ? tallyOf(incoming, incoming.conversation.headSeq, incoming.readSeq) : known;
  const readSeq = Math.max(entry.readSeq, unconfirmedRead(model, id) ?? 0);
  const { exact } = derive(tally, readSeq, model.timelines.get(id), model.me.userId);
  const whole = head ? { ...model, staleEntries: without(model.staleEntries, id) } : model;
  const next = withEntry(whole, entry, tally, Math.max(details, incoming.conversation.headRev));
  // A count that only the server knows is fetched once the server knows at least our read position.
  return { model: next, pull: isBehind(next, id), refresh: !exact && !head && incoming.readSeq >= readSeq };
};

/**
 * Sending implies having read. The fan-out applies the same rule without a push, so an entry or the messages of a
 * pull may be ahead of it.
 */
export const readBySending = <E extends InboxEntry | undefined>(
  entry: E,
  messages: readonly Message[],
  me: string,
): E => {
  if (!entry) return entry;
  let { readSeq } = entry;
  for (const { senderId, system, seq } of messages)
    if (senderId === me && !system && seq > readSeq) readSeq = seq;
  return readSeq === entry.readSeq ? entry : { ...entry, readSeq };
};

const combine = (local: InboxEntry, incoming: InboxEntry, details: number): InboxEntry => {
  const personal = incoming.pos >= local.pos ? incoming : local;
  const head = incoming.conversation.headRev >= local.conversation.headRev ? incoming : local;
  // Pushes move the head without the details, so the head may be newer than the details.
  const known = incoming.conversation.headRev >= details ? incoming : local;
  const { headSeq, headRev } = head.conversation;
  return {
    ...personal,
    conversation: { ...known.conversation, headSeq, headRev },
    last: head.last,
    draft: (incoming.draft?.version ?? 0) >= (local.draft?.version ?? 0) ? incoming.draft : local.draft,
    readSeq: Math.max(local.readSeq, incoming.readSeq),
  };
};

/** The user is no longer a member: drops the conversation and everything held of it (rule 10). */
export const dropConversation = (model: Model, conversationId: string, pos: number): Model => {
  const ending = commandsOf(model, conversationId).filter(({ name }) => handlerOf(name).endsWithMembership);
  const next = withoutCommands(
    withoutTimeline(model, conversationId),
    ending.map(({ id }) => id),
  );
  return {
    ...next,
    inbox: withoutKey(next.inbox, conversationId),
    entries: withoutKey(next.entries, conversationId),
    tallies: withoutKey(next.tallies, conversationId),
    details: withoutKey(next.details, conversationId),
    typing: withoutKey(next.typing, conversationId),
    // A draft that the server does not have yet is kept in case the user rejoins.
    drafts: next.drafts.get(conversationId)?.pending ? next.drafts : withoutKey(next.drafts, conversationId),
    staleEntries: without(next.staleEntries, conversationId),
    removed: withKey(next.removed, conversationId, Math.max(pos, next.removed.get(conversationId) ?? 0)),
  };
};

/** Time of the last activity, for sorting, in ms. */
export const activeAt = (entry: InboxEntry): number => entry.last?.createdAt ?? entry.conversation.createdAt;
