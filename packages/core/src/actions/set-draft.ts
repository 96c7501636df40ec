import { setDraft as storeDraft } from '@lockstep/db';
import type { DraftResult } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

/**
 * Stores a draft on top of the version that the device knows, and tells one's other devices. Of devices that write at
 * once one is stored; the others are told what it wrote, and lose no text. Errors: `not_found`.
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
