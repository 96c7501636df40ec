import { setDraft as storeDraft } from '@lockstep/db';
import type { DraftResult } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

/**
 * Stores a draft based on the version that the device knows, and publishes it to one's other devices. If several
 * devices write at the same time one is stored; the others get its text, so that they can merge and lose nothing.
 * Errors: `not_found`.
 */
export const setDraft = async (
  actor: Actor,
  core: Core,
  { conversationId, ...draft }: Parsed<'sync.draft'>,
): Promise<DraftResult> => {
  const { changed, stored, entry } = await storeDraft(core.db, actor.userId, conversationId, draft);
  if (changed && stored) core.publish.inbox(actor.userId, entry);
  return { stored, entry };
};
