'use client';

import type { ReactNode } from 'react';
import { type PeopleParts, renderMarkdown } from './markdown.tsx';
import { CodeText, MentionChip } from './mention-chip.tsx';

/** Parsed texts, the one used least lately first: what scrolls back into view is not parsed again. */
const cache = new Map<string, ReactNode>();
/** About as many as stand in a window. */
const CACHE_SIZE = 1_000;

/** The people of a text by their names as they are now. */
export const PEOPLE: PeopleParts = {
  mention: (userId) => <MentionChip userId={userId} />,
  code: (text) => <CodeText text={text} />,
};

/** The text as React elements, parsed once. */
export const parsed = (body: string): ReactNode => {
  const held = cache.get(body);
  const node = held ?? renderMarkdown(body, PEOPLE);
  // Put in anew, so that it is the latest.
  cache.delete(body);
  cache.set(body, node);
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  return node;
};

/** Texts to be parsed ahead, the most wanted last. */
const ahead: string[] = [];
/** As many pages as are loaded ahead of the view; what is older has been passed. */
const AHEAD_SIZE = 200;
/** Time left of a moment of rest in which another text is still begun, in ms. */
const ENOUGH_MS = 4;
let resting = false;

const work = (deadline: IdleDeadline) => {
  while (ahead.length > 0 && deadline.timeRemaining() > ENOUGH_MS) {
    const body = ahead.pop() as string;
    if (!cache.has(body)) parsed(body);
  }
  resting = ahead.length > 0;
  if (resting) requestIdleCallback(work);
};

/**
 * Parses these texts while the page rests: what is loaded ahead of the view costs less when it is scrolled to. Browsers
 * that do not tell when they rest (Safari) parse when a row is shown.
 */
export const parseAhead = (bodies: readonly (string | null)[]): void => {
  if (typeof requestIdleCallback === 'undefined') return;
  for (const body of bodies) if (body !== null && !cache.has(body)) ahead.push(body);
  ahead.splice(0, ahead.length - AHEAD_SIZE);
  if (resting || ahead.length === 0) return;
  resting = true;
  requestIdleCallback(work);
};
