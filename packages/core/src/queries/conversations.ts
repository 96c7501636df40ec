import * as db from '@lockstep/db';
import type { InboxEntry } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { entryOf } from '../entry.ts';
import { asViewer } from './as-viewer.ts';

/** Errors: `not_found`. */
export const getConversation = (
  actor: Actor,
  core: Core,
  { conversationId }: Parsed<'conversations.get'>,
): Promise<InboxEntry> => entryOf(actor, core, conversationId);

export const listMembers = asViewer(db.membersPage);
export const browseChannels = asViewer(db.browseChannels);
