import type { Message, MessagePage } from '@lockstep/protocol';
import type { TimelineState } from './types.ts';

/** Messages that one window holds at most, and how far appending may overshoot before the old end is cut. */
export const WINDOW_MAX = 2_000;
const WINDOW_SLACK = 500;

export const unloaded = (rev: number): TimelineState => ({
  rev,
  messages: [],
  hasBefore: false,
  hasAfter: true,
  loading: 'newest',
  error: null,
});

const newer = (held: Message, other: Message | undefined) => (other && other.rev > held.rev ? other : held);

/**
 * The window with everything up to `to` applied. `changed` holds each message that changed after `timeline.rev` once.
 * Null if there is a gap between the window and the new messages: a pull has to fill it.
 */
export const applyToWindow = (
  timeline: TimelineState,
  changed: readonly Message[],
  to: number,
): TimelineState | null => {
  const rev = Math.max(timeline.rev, to);
  if (rev === timeline.rev && changed.length === 0) return timeline;
  const last = timeline.messages.at(-1)?.seq ?? 0;
  const first = timeline.messages[0]?.seq ?? last + 1;
  const within = new Map(changed.filter((m) => m.seq >= first && m.seq <= last).map((m) => [m.seq, m]));
  let messages = timeline.messages;
  if (within.size > 0) messages = messages.map((held) => newer(held, within.get(held.seq)));
  if (timeline.hasAfter) return { ...timeline, rev, messages };
  const added = changed.filter((m) => m.seq > last).sort((a, b) => a.seq - b.seq);
  if (added.some((message, i) => message.seq !== last + 1 + i)) return null;
  if (added.length > 0) messages = [...messages, ...added];
  return trimOld({ ...timeline, rev, messages });
};

const trimOld = (timeline: TimelineState): TimelineState =>
  timeline.messages.length <= WINDOW_MAX + WINDOW_SLACK
    ? timeline
    : { ...timeline, messages: timeline.messages.slice(-WINDOW_MAX), hasBefore: true };

/** What was applied to a timeline while a page was on its way: the page may have been read before it. */
export type Overlay = ReadonlyMap<number, Message>;

const patched = (page: MessagePage, overlay: Overlay): Message[] =>
  page.messages.map((message) => newer(message, overlay.get(message.seq)));

/** A page that reached the head when it was read continues with the messages applied since. */
const withTail = (messages: readonly Message[], hasAfter: boolean, overlay: Overlay) => {
  if (hasAfter) return { messages, hasAfter };
  const last = messages.at(-1)?.seq ?? 0;
  const tail = [...overlay.values()].filter((m) => m.seq > last).sort((a, b) => a.seq - b.seq);
  const joins = tail.every((message, i) => message.seq === last + 1 + i);
  return joins ? { messages: [...messages, ...tail], hasAfter } : { messages, hasAfter: true };
};

const idle = { loading: null, error: null } as const;

export const replaceWindow = (
  timeline: TimelineState,
  page: MessagePage,
  overlay: Overlay,
): TimelineState => ({
  ...timeline,
  ...idle,
  ...withTail(patched(page, overlay), page.hasAfter, overlay),
  hasBefore: page.hasBefore,
});

/** Unchanged if the page is not adjacent: the window has moved in the meantime. */
export const prependPage = (timeline: TimelineState, page: MessagePage, overlay: Overlay): TimelineState => {
  const first = timeline.messages[0]?.seq ?? 0;
  const end = page.messages.at(-1)?.seq ?? first - 1;
  if (end !== first - 1) return { ...timeline, ...idle };
  const messages = [...patched(page, overlay), ...timeline.messages];
  const kept = messages.slice(0, WINDOW_MAX);
  const hasAfter = timeline.hasAfter || kept.length < messages.length;
  return { ...timeline, ...idle, messages: kept, hasBefore: page.hasBefore, hasAfter };
};

export const appendPage = (timeline: TimelineState, page: MessagePage, overlay: Overlay): TimelineState => {
  const last = timeline.messages.at(-1)?.seq ?? 0;
  const start = page.messages[0]?.seq ?? last + 1;
  if (start !== last + 1 || !timeline.hasAfter) return { ...timeline, ...idle };
  const grown = withTail([...timeline.messages, ...patched(page, overlay)], page.hasAfter, overlay);
  const kept = grown.messages.slice(-WINDOW_MAX);
  const hasBefore = timeline.hasBefore || kept.length < grown.messages.length;
  return { ...timeline, ...idle, messages: kept, hasAfter: grown.hasAfter, hasBefore };
};
