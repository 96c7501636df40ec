import { LIMITS } from './limits.ts';

/** The characters of a mention, also when escaped by a backslash. */
export const MENTION_SIGNS = /<@([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})>/g;
/**
 * A mention is stored in the text as `<@user id>`: it survives renaming, and each device shows the current name. With
 * a backslash in front it is literal text.
 */
export const MENTION = new RegExp(String.raw`(?<!\\)${MENTION_SIGNS.source}`, 'g');
/** A mention, or one with the backslash that makes it none. */
export const MENTION_OR_ESCAPED = new RegExp(String.raw`\\?${MENTION_SIGNS.source}`, 'g');

export const mention = (userId: string): string => `<@${userId}>`;

/** The ids of the people a text mentions, each once, at most LIMITS.mentions. */
export const mentionsIn = (body: string | null): string[] =>
  body?.includes('<@')
    ? [...new Set(Array.from(body.matchAll(MENTION), (match) => match[1] as string))].slice(
        0,
        LIMITS.mentions,
      )
    : [];

/** The text as people read it: with a name for each mention, and without the backslashes of what is none. */
export const withNames = (text: string, nameOf: (userId: string) => string): string =>
  text.includes('<@')
    ? text.replace(MENTION_OR_ESCAPED, (found, userId: string) =>
        found.startsWith('\\') ? found.slice(1) : nameOf(userId),
      )
    : text;
