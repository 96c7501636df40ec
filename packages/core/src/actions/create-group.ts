import type { InboxEntry } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { createGroupOrChannel } from '../create-group-or-channel.ts';

/** A conversation of invited people; the actor owns it. Errors: `not_found` (unknown person), `limit_reached`. */
export const createGroup = (
  actor: Actor,
  core: Core,
  { title, userIds }: Parsed<'conversations.createGroup'>,
): Promise<InboxEntry> =>
  createGroupOrChannel(actor, core, { kind: 'group', visibility: 'private', title, topic: null, userIds });
