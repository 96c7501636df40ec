import * as db from '@lockstep/db';
import type { ChannelListing, InboxEntry } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';
import { entryOf } from '../entry.ts';

export type { MembersPage } from '@lockstep/db';

/** Errors: `not_found`. */
export const getConversation = (
  actor: Actor,
  core: Core,
  { conversationId }: { conversationId: string },
): Promise<InboxEntry> => entryOf(actor, core, conversationId);

/** Errors: `not_found`. */
export const listMembers = (
  actor: Actor,
  core: Core,
  input: { conversationId: string; afterUserId?: string | undefined; limit: number },
): Promise<db.MembersPage> =>
  db.membersPage(core.db, actor.userId, input.conversationId, input.afterUserId ?? null, input.limit);

export const browseChannels = (
  actor: Actor,
  core: Core,
  input: { query: string; offset: number; limit: number },
): Promise<ChannelListing[]> => db.browseChannels(core.db, actor.userId, input);
