import * as db from '@lockstep/db';
import type { ChannelListing, InboxEntry } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { entryOf } from '../entry.ts';

export type { MembersPage } from '@lockstep/db';

/** Errors: `not_found`. */
export const getConversation = (
  actor: Actor,
  core: Core,
  { conversationId }: Parsed<'conversations.get'>,
): Promise<InboxEntry> => entryOf(actor, core, conversationId);

/** Errors: `not_found`. */
export const listMembers = (
  actor: Actor,
  core: Core,
  input: Parsed<'conversations.members'>,
): Promise<db.MembersPage> =>
  db.membersPage(core.db, actor.userId, input.conversationId, input.afterUserId ?? null, input.limit);

export const browseChannels = (
  actor: Actor,
  core: Core,
  input: Parsed<'conversations.browse'>,
): Promise<ChannelListing[]> => db.browseChannels(core.db, actor.userId, input);
