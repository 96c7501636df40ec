import { LIMITS } from './limits.ts';

/** A mention stands in the text as `<@user id>`: it survives renaming, and each device shows the name as it is now. */
export const MENTION = /<@([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})>/g;

export const mention = (userId: string): string => `<@${userId}>`;

/** Whom a text mentions, each once, at most LIMITS.mentions. */
export const mentionsIn = (body: string | null): string[] =>
  body?.includes('<@')
    ? [...new Set(Array.from(body.matchAll(MENTION), (match) => match[1] as string))].slice(
        0,
        LIMITS.mentions,
      )
    : [];
