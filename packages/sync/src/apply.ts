import type { ChangesEvent, Conversation, InboxEntry, Message, SystemEvent } from '@lockstep/protocol';
import { readBySending } from './entries.ts';
import { withoutKey } from './maps.ts';
import { type Applied, isLoaded, type Model } from './model.ts';
import { withEntry, withoutStored, withTimeline } from './model-changes.ts';
import { compact, derive, tallyOf, withChanges } from './unread.ts';
import { applyToWindow } from './window.ts';

/**
 * Applies a push. If its first new `rev` is the known one + 1, it is applied; changes at or before the known `rev`
 * are dropped (rule 5); after a gap the changes have to be pulled (rule 6). The inbox entry and the window each have
 * a cursor of their own.
 */
export const applyChanges = (model: Model, event: ChangesEvent): Applied => {
  const { conversationId } = event;
  let next = stopTyping(model, conversationId, event.messages);
  let pull = false;
  const timeline = next.timelines.get(conversationId);
  // A timeline that is not loaded yet catches up after loading, by a pull after its own `rev`.
  if (timeline && !isLoaded(timeline)) pull = true;
  else if (timeline) {
    const fresh = event.messages.filter((m) => m.rev > timeline.rev);
    const to = fresh.at(-1)?.rev ?? timeline.rev;
    const grown = follows(fresh, timeline.rev) ? applyToWindow(timeline, latest(fresh), to) : null;
    if (grown) next = withTimeline(next, conversationId, grown, fresh);
    else pull = true;
  }
  const entry = readBySending(next.entries.get(conversationId), event.messages, model.me.userId);
  // Also fetch the entry of a conversation that was left: the user may have rejoined, and an inbox page on its way
  // may be older than this push.
  if (!entry) return { model: next, pull, refresh: true };
  const fresh = event.messages.filter((m) => m.rev > entry.conversation.headRev);
  if (!follows(fresh, entry.conversation.headRev)) return { model: next, pull, refresh: true };
  const to = fresh.at(-1)?.rev ?? entry.conversation.headRev;
  next = applyToEntry(next, entry, latest(fresh), to, fresh.length > 0 ? event.conversation : undefined);
  // Without a window no message can be shown twice, so the outbox drops it as soon as the server is known to have it.
  if (!timeline) next = withoutStored(next, conversationId, fresh, to);
  const refresh = (needsMeta(fresh) && !event.conversation) || isDoubtful(next, conversationId);
  return { model: next, pull, refresh };
};

/**
 * What a pull from `from` to `to` found: the newest state of each message that changed, in any order. Null when the
 * new messages leave a gap after the window or before the head. This happens when a message changed again while the
 * server was reading: it then has a new `rev` after `to`. The caller pulls on from `to` and applies everything
 * together.
 */
export const applyPulled = (
  model: Model,
  pulled: { conversationId: string; messages: readonly Message[]; from: number; to: number; headSeq: number },
): Applied | null => {
  const { conversationId, from, to } = pulled;
  const timeline = model.timelines.get(conversationId);
  if (!timeline) return { model, pull: false, refresh: false };
  const fresh = pulled.messages.filter((m) => m.rev > timeline.rev);
  const grown = applyToWindow(timeline, fresh, to);
  if (!grown || (!grown.hasAfter && (grown.messages.at(-1)?.seq ?? 0) < pulled.headSeq)) return null;
  // The server answers again, so a failed load may be retried.
  const reached = grown.loading || !grown.error ? grown : { ...grown, error: null };
  let next = withTimeline(model, conversationId, reached, pulled.messages);
  const entry = readBySending(next.entries.get(conversationId), pulled.messages, model.me.userId);
  if (!entry || from > entry.conversation.headRev) return { model: next, pull: false, refresh: true };
  const newer = pulled.messages.filter((m) => m.rev > entry.conversation.headRev);
  next = applyToEntry(next, entry, newer, Math.max(to, entry.conversation.headRev));
  const incomplete = (next.entries.get(conversationId)?.conversation.headSeq ?? 0) < pulled.headSeq;
  const refresh = needsMeta(newer) || incomplete || isDoubtful(next, conversationId);
  return { model: next, pull: false, refresh };
};

const follows = (fresh: readonly Message[], known: number) =>
  fresh.every((message, i) => message.rev === known + 1 + i);

/** The newest state of each message. */
const latest = (messages: readonly Message[]): Message[] => [
  ...new Map(messages.map((m) => [m.seq, m])).values(),
];

/** Title and topic are in the system message itself; members and roles are not. */
const needsMeta = (messages: readonly Message[]) => messages.some((m) => m.system !== null);

const titled = (conversation: Conversation, event: SystemEvent | null): Conversation => {
  if (event?.type === 'renamed') return { ...conversation, title: event.title };
  if (event?.type === 'topic') return { ...conversation, topic: event.topic };
  return conversation;
};

/** Moves an entry's head to `to`. `messages` holds the newest state of each message that changed since its head. */
const applyToEntry = (
  model: Model,
  entry: InboxEntry,
  messages: readonly Message[],
  to: number,
  meta?: Conversation,
): Model => {
  const me = model.me.userId;
  const id = entry.conversation.id;
  const isSame = entry === model.entries.get(id) && to === entry.conversation.headRev;
  if (messages.length === 0 && isSame && !meta) return model;
  const { readSeq } = entry;
  let { last, conversation } = entry;
  for (const message of messages) {
    if (!last || message.seq > last.seq || (message.seq === last.seq && message.rev > last.rev))
      last = message;
    conversation = titled(conversation, message.system);
  }
  const headSeq = Math.max(entry.conversation.headSeq, ...messages.map((m) => m.seq));
  conversation = { ...(meta ?? conversation), headSeq, headRev: to };
  const held = model.tallies.get(id) ?? tallyOf(entry, entry.conversation.headSeq, entry.readSeq);
  const tally = withChanges(held, messages, me, entry.conversation.headRev);
  const result = derive(tally, readSeq, model.timelines.get(id), me);
  const next: InboxEntry = { ...entry, conversation, last };
  return withEntry(model, next, compact(tally, readSeq, headSeq, result), meta && to);
};

/** The counts are uncertain, because a message that was counted has changed. */
const isDoubtful = (model: Model, conversationId: string): boolean => {
  const tally = model.tallies.get(conversationId);
  const entry = model.entries.get(conversationId);
  if (!tally?.doubt || !entry) return false;
  return !derive(tally, entry.readSeq, model.timelines.get(conversationId), model.me.userId).exact;
};

/** Someone whose message has arrived is no longer typing. */
const stopTyping = (model: Model, conversationId: string, messages: readonly Message[]): Model => {
  const typing = model.typing.get(conversationId);
  if (!typing) return model;
  const senders = new Set(messages.map((m) => m.senderId));
  const left = typing.filter((t) => !senders.has(t.userId));
  if (left.length === typing.length) return model;
  const all =
    left.length > 0
      ? new Map(model.typing).set(conversationId, left)
      : withoutKey(model.typing, conversationId);
  return { ...model, typing: all };
};
