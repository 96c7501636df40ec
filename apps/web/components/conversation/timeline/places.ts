import type { InboxEntry } from '@lockstep/protocol';

/** Where a conversation opens. `seq` is the message to show; of `unread`, the first after the read position. */
export type Opening =
  | { at: 'message'; seq: number }
  | { at: 'place'; seq: number }
  | { at: 'unread'; seq: number }
  | { at: 'newest' };

/**
 * A linked message comes first, then what is unread, then the place where this person left the conversation on whichever
 * device, then the newest message.
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

/** Whether a window (contiguous, ascending) holds a message. */
export const holds = (
  window: { readonly messages: readonly { readonly seq: number }[] } | undefined,
  seq: number,
): boolean => {
  const first = window?.messages[0]?.seq;
  const last = window?.messages.at(-1)?.seq;
  return first !== undefined && last !== undefined && first <= seq && seq <= last;
};

/** A place to go back to: the message at the top of the view, or null for the newest. */
export type Place = number | null;

/** Places kept to go back to. */
const KEPT = 20;

/** The stack with one more place, unless it is the one on top already. */
export const pushed = (stack: readonly Place[], place: Place): readonly Place[] =>
  stack.length > 0 && stack.at(-1) === place ? stack : [...stack, place].slice(-KEPT);

/** The stack without the places that are in view (from `first` to `last`): one has gone back by oneself. */
export const withoutVisible = (
  stack: readonly Place[],
  view: { first: number; last: number; atEnd: boolean },
): readonly Place[] => {
  let end = stack.length;
  while (end > 0) {
    const place = stack[end - 1] as Place;
    const visible = place === null ? view.atEnd : place >= view.first && place <= view.last;
    if (!visible) break;
    end--;
  }
  return end === stack.length ? stack : stack.slice(0, end);
};

/**
 * Whether seeing `seen` says that everything before it was read too: it was come to by scrolling on from the first unread
 * message (`floor`, the earliest message in view since the last jump), or the reader has asked for the newest message
 * (`wentToNewest`) and sees it. A look at a linked message does not, be it the newest one.
 */
export const mayRead = (input: {
  seen: number;
  floor: number;
  firstUnreadSeq: number;
  headSeq: number;
  wentToNewest: boolean;
}): boolean => input.floor <= input.firstUnreadSeq || (input.wentToNewest && input.seen >= input.headSeq);
