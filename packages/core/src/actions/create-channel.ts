import type { InboxEntry } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { createGroupOrChannel } from '../create-group-or-channel.ts';

/**
 * A channel of any size, in the directory when it is public; the actor owns it. Errors: `not_found` (unknown person).
 */
export const createChannel = (
  actor: Actor,
  core: Core,
  input: Parsed<'conversations.createChannel'>,
): Promise<InboxEntry> =>
  createGroupOrChannel(actor, core, { kind: 'channel', ...input, topic: input.topic ?? null });
