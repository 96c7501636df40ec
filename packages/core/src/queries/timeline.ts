import * as db from '@lockstep/db';
import {
  canReadEarlierTexts,
  type InboxPage,
  LIMITS,
  LockstepError,
  type Message,
  type MessageVersion,
  namedIn,
  namedInEntry,
} from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { asViewer, bytesOf, type Reading } from './as-viewer.ts';

/** Maximum number of people in a page: senders first, then the people they mention. */
const MAX_NAMED = 4 * LIMITS.page;
const MAX_NAMED_IN_INBOX = 2 * LIMITS.inboxPage;

/** A page includes the people it names, so that devices need no further call. */
const withPeople =
  <I, O extends { messages: Message[] }>(read: Reading<I, O>) =>
  async (actor: Actor, core: Core, input: I) => {
    const page = await read(core.db, actor.userId, input, bytesOf(core));
    const people = await db.peopleByIds(core.db, [...new Set(namedIn(page.messages))].slice(0, MAX_NAMED));
    return { ...page, people };
  };

export const messagesBefore = withPeople(db.messagesBefore);
export const messagesAfter = withPeople(db.messagesAfter);
export const messagesAround = withPeople(db.messagesAround);
export const pullChanges = withPeople(db.changesAfter);
export const messageAtTime = asViewer(db.messageAtTime);
export const listReceipts = asViewer(db.receipts);

export const pullDigest = (actor: Actor, core: Core, { ranges }: Parsed<'sync.digest'>) =>
  db.stateDigest(core.db, actor.userId, ranges, core.budget);

/** Errors: `not_found`, and `forbidden` where the workspace keeps earlier texts to their author and administrators. */
export const messageVersions = async (
  actor: Actor,
  core: Core,
  input: Parsed<'messages.versions'>,
): Promise<MessageVersion[]> => {
  const readers = await db.earlierTextsReaders(core.db);
  const message = await db.earlierVersions(core.db, actor.userId, input, bytesOf(core));
  if (message && !canReadEarlierTexts(actor, message, readers)) throw new LockstepError('forbidden');
  return message?.versions ?? [];
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
  const [generation, peopleChanges] = await Promise.all([
    db.readGeneration(core.db),
    peopleRev === undefined ? null : db.peopleChanges(core.db, peopleRev),
  ]);
  const page = await db.inboxAfter(core.db, actor.userId, afterPos, limit, bytesOf(core));
  const wanted = page.more || page.to < afterPos ? [] : timelines;
  const changes = await db.changesOfMany(core.db, actor.userId, wanted, bytesOf(core));
  // First the people whose names the list shows.
  const named = [
    ...page.entries.flatMap(({ peerId, last }) => [peerId, last?.senderId]),
    ...namedIn(changes.flatMap(({ messages }) => messages)),
    ...page.entries.flatMap(namedInEntry),
  ].filter((id) => id != null);
  const people = await db.peopleByIds(core.db, [...new Set(named)].slice(0, MAX_NAMED_IN_INBOX));
  return { ...page, changes, people, generation, ...(peopleChanges ? { peopleChanges } : {}) };
};
