import * as db from '@lockstep/db';
import {
  type InboxPage,
  LIMITS,
  type Message,
  type MessageVersion,
  namedIn,
  namedInEntry,
} from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

// Every read finds its conversation through the actor's membership, or not at all: LockstepError `not_found` (rule 10).

/** Of the texts in one page. */
const bytesOf = ({ budget }: Core): number | undefined => budget?.limits.bytes;

/** Maximum number of people in a page: senders first, then the people they mention. */
const MOST_NAMED = 4 * LIMITS.page;
const MOST_IN_INBOX = 2 * LIMITS.inboxPage;

/** A page includes the people it names, so that devices need no further call. */
const withNamed = async <T extends { messages: Message[] }>(core: Core, reading: Promise<T>) => {
  const page = await reading;
  const people = await db.peopleByIds(core.db, [...new Set(namedIn(page.messages))].slice(0, MOST_NAMED));
  return { ...page, people };
};

export const messagesBefore = (
  actor: Actor,
  core: Core,
  { conversationId, seq, limit }: Parsed<'messages.before'>,
) => withNamed(core, db.messagesBefore(core.db, actor.userId, conversationId, seq, limit, bytesOf(core)));

export const messagesAfter = (
  actor: Actor,
  core: Core,
  { conversationId, seq, limit }: Parsed<'messages.after'>,
) => withNamed(core, db.messagesAfter(core.db, actor.userId, conversationId, seq, limit, bytesOf(core)));

export const messagesAround = (
  actor: Actor,
  core: Core,
  { conversationId, seq, limit }: Parsed<'messages.around'>,
) => withNamed(core, db.messagesAround(core.db, actor.userId, conversationId, seq, limit, bytesOf(core)));

export const pullChanges = (
  actor: Actor,
  core: Core,
  { conversationId, afterRev, limit }: Parsed<'sync.changes'>,
) => withNamed(core, db.changesAfter(core.db, actor.userId, conversationId, afterRev, limit, bytesOf(core)));

export const messageAtTime = (actor: Actor, core: Core, { conversationId, at }: Parsed<'messages.atTime'>) =>
  db.messageAtTime(core.db, actor.userId, conversationId, at);

export const listReceipts = (actor: Actor, core: Core, { conversationId }: Parsed<'sync.receipts'>) =>
  db.receipts(core.db, actor.userId, conversationId);

export const pullDigest = (actor: Actor, core: Core, { ranges }: Parsed<'sync.digest'>) =>
  db.stateDigest(core.db, actor.userId, ranges, core.budget);

/** Errors: `not_found`, and `forbidden` where the workspace keeps earlier texts to their author and administrators. */
export const messageVersions = async (
  actor: Actor,
  core: Core,
  { conversationId, seq }: Parsed<'messages.versions'>,
): Promise<MessageVersion[]> => {
  const authorOnly = actor.role !== 'admin' && (await db.earlierTextsReaders(core.db)) === 'author';
  return db.messageVersions(core.db, actor.userId, conversationId, seq, { authorOnly, bytes: bytesOf(core) });
};

/**
 * The timelines are read after the inbox, so they are at least as new as its heads. The changes of people are read
 * before it, so the people in the inbox are at least as new.
 */
export const pullInbox = async (
  actor: Actor,
  core: Core,
  { afterPos, limit, timelines, peopleRev }: Parsed<'sync.inbox'>,
): Promise<InboxPage> => {
  const peopleChanges = peopleRev === undefined ? null : await db.peopleChanges(core.db, peopleRev);
  const page = await db.inboxAfter(core.db, actor.userId, afterPos, limit, bytesOf(core));
  const wanted = page.more || page.to < afterPos ? [] : timelines;
  const changes = await db.changesOfMany(core.db, actor.userId, wanted);
  // First the people whose names the list shows.
  const named = [
    ...page.entries.flatMap(({ peerId, last }) => [peerId, last?.senderId]),
    ...namedIn(changes.flatMap(({ messages }) => messages)),
    ...page.entries.flatMap(namedInEntry),
  ].filter((id) => id != null);
  const people = await db.peopleByIds(core.db, [...new Set(named)].slice(0, MOST_IN_INBOX));
  return { ...page, changes, people, ...(peopleChanges ? { peopleChanges } : {}) };
};
