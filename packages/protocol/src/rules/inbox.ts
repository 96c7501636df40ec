import type { Millis } from '../ids.ts';
import type { InboxEntry } from '../inbox.ts';

/** The end of time, for `mutedUntil`: 9999-12-31T23:59:59.999Z. */
export const FOREVER: Millis = 253_402_300_799_999;

/** The count at which unread is shown as "99+". */
export const UNREAD_CAP = 100;

export const isMuted = (entry: Pick<InboxEntry, 'mutedUntil'>, now: Millis): boolean =>
  entry.mutedUntil !== null && entry.mutedUntil > now;

/** Archived with nothing new since; a muted conversation stays archived. */
export const isArchived = (
  entry: Pick<InboxEntry, 'archivedSeq' | 'mutedUntil' | 'conversation'>,
  now: Millis,
): boolean =>
  entry.archivedSeq !== null && (entry.conversation.headSeq <= entry.archivedSeq || isMuted(entry, now));
