import type { InboxEntry } from '@lockstep/protocol';

/** Where a conversation opens. `seq` is the message to show; of `unread`, the first after the read position. */
export type Opening =
  | { at: 'message'; seq: number }
  | { at: 'place'; seq: number }
  | { at: 'unread'; seq: number }
  | { at: 'newest' };

/**
 * In this order: a linked message, the first unread message, the last viewed message on any device, the newest
 * message.
 */
export const openingOf = (
  entry: Pick<InboxEntry, 'unread' | 'readSeq' | 'placeSeq' | 'conversation'>,
  linked: number | null,
): Opening => {
  if (linked !== null) return { at: 'message', seq: linked };
  if (entry.unread > 0) return { at: 'unread', seq: entry.readSeq + 1 };
  const { placeSeq } = entry;
  if (placeSeq !== null && placeSeq > 0 && placeSeq < entry.conversation.headSeq)
    return { at: 'place', seq: placeSeq };
  return { at: 'newest' };
};

/** Whether a window (contiguous, ascending) has a message. */
export const hasMessage = (
  window: { readonly messages: readonly { readonly seq: number }[] } | undefined,
  seq: number,
): boolean => {
  const first = window?.messages[0]?.seq;
  const last = window?.messages.at(-1)?.seq;
  return first !== undefined && last !== undefined && first <= seq && seq <= last;
};

/** A view position to go back to: the message at the top of the view, or null for the newest. */
export type ViewPosition = number | null;

/** How many positions are kept. */
const KEPT = 20;

/** The stack with one more position, unless it is already on top. */
export const withPosition = (
  stack: readonly ViewPosition[],
  position: ViewPosition,
): readonly ViewPosition[] =>
  stack.length > 0 && stack.at(-1) === position ? stack : [...stack, position].slice(-KEPT);

/**
 * The stack without the positions that are in view (from `first` to `last`), because the reader has scrolled back to
 * them.
 */
export const withoutVisible = (
  stack: readonly ViewPosition[],
  view: { first: number; last: number; atEnd: boolean },
): readonly ViewPosition[] => {
  let end = stack.length;
  while (end > 0) {
    const position = stack[end - 1] as ViewPosition;
    const visible = position === null ? view.atEnd : position >= view.first && position <= view.last;
    if (!visible) break;
    end--;
  }
  return end === stack.length ? stack : stack.slice(0, end);
};

/**
 * Whether seeing message `seen` means that everything before it was read: the reader scrolled to it from the first
 * unread message (`floor` is the earliest message in view since the last jump), or jumped to the newest message
 * (`wentToNewest`) and sees it. Opening a linked message does not count, even if it is the newest.
 */
export const marksAllRead = (input: {
  seen: number;
  floor: number;
  firstUnreadSeq: number;
  headSeq: number;
  wentToNewest: boolean;
}): boolean => input.floor <= input.firstUnreadSeq || (input.wentToNewest && input.seen >= input.headSeq);
