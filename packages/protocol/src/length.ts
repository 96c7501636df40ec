import { LIMITS } from './limits.ts';
import { MENTION } from './mention.ts';

/** Length in code points, the unit of LIMITS unless stated otherwise. */
export const codePoints = (text: string): number => {
  let n = 0;
  for (const _ of text) n++;
  return n;
};

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined) : null;

/**
 * Length of a message as people count it: a letter with its accents, an emoji of several code points and a mention are
 * one character each. Code points where the platform cannot tell.
 */
export const characters = (text: string): number => {
  const bare = text.includes('<@') ? text.replace(MENTION, '@') : text;
  if (!segmenter) return codePoints(bare);
  let n = 0;
  for (const _ of segmenter.segment(bare)) n++;
  return n;
};

/**
 * How many characters a message may still grow by; below zero it is too long. Characters of very many code points end it
 * sooner: LIMITS.messageCodePoints bounds what is stored.
 */
export const charactersLeft = (text: string): number => {
  const points = codePoints(text);
  // No character is less than one code point.
  if (points <= LIMITS.messageText) return LIMITS.messageText - (near(points) ? characters(text) : points);
  const over = LIMITS.messageCodePoints - points;
  return over < 0 ? over : Math.min(over, LIMITS.messageText - characters(text));
};

/** The exact count is only needed from this length on. */
const near = (points: number): boolean => points > LIMITS.messageText / 2;
