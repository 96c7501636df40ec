import * as db from '@lockstep/db';
import type {
  ChangePage,
  DigestRange,
  InboxPage,
  MessagePage,
  MessageVersion,
  Receipt,
  StateDigest,
  TimelineCursor,
} from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';

// Every read finds its conversation through the actor's membership, or not at all: LockstepError `not_found` (rule 10).

interface At {
  conversationId: string;
  seq: number;
  limit: number;
}

export const messagesBefore = (
  actor: Actor,
  core: Core,
  { conversationId, seq, limit }: Omit<At, 'seq'> & { seq?: number | undefined },
): Promise<MessagePage> => db.messagesBefore(core.db, actor.userId, conversationId, seq, limit);

export const messagesAfter = (
  actor: Actor,
  core: Core,
  { conversationId, seq, limit }: At,
): Promise<MessagePage> => db.messagesAfter(core.db, actor.userId, conversationId, seq, limit);

export const messagesAround = (
  actor: Actor,
  core: Core,
  { conversationId, seq, limit }: At,
): Promise<MessagePage> => db.messagesAround(core.db, actor.userId, conversationId, seq, limit);

export const messageAtTime = (
  actor: Actor,
  core: Core,
  { conversationId, at }: { conversationId: string; at: number },
): Promise<number | null> => db.messageAtTime(core.db, actor.userId, conversationId, at);

export const messageVersions = (
  actor: Actor,
  core: Core,
  { conversationId, seq }: Omit<At, 'limit'>,
): Promise<MessageVersion[]> => db.messageVersions(core.db, actor.userId, conversationId, seq);

export const pullChanges = (
  actor: Actor,
  core: Core,
  input: { conversationId: string; afterRev: number; limit: number },
): Promise<ChangePage> =>
  db.changesAfter(core.db, actor.userId, input.conversationId, input.afterRev, input.limit);

/** The timelines are read after the inbox: they are at least as new as the heads that it tells. */
export const pullInbox = async (
  actor: Actor,
  core: Core,
  { afterPos, limit, timelines = [] }: { afterPos: number; limit: number; timelines?: TimelineCursor[] },
): Promise<InboxPage> => {
  const page = await db.inboxAfter(core.db, actor.userId, afterPos, limit);
  const wanted = page.more || page.to < afterPos ? [] : timelines;
  return { ...page, changes: await db.changesOfMany(core.db, actor.userId, wanted) };
};

export const listReceipts = (
  actor: Actor,
  core: Core,
  { conversationId }: { conversationId: string },
): Promise<Receipt[]> => db.receipts(core.db, actor.userId, conversationId);

export const pullDigest = (
  actor: Actor,
  core: Core,
  { ranges }: { ranges: DigestRange[] },
): Promise<StateDigest> => db.stateDigest(core.db, actor.userId, ranges);
