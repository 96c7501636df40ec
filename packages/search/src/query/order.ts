import { z } from 'zod';
import type { Key } from './key.ts';

/** Where a page ended. */
export interface Cursor {
  key: Key;
  /** For `best`: the score of the last hit, and the clock that it was given by. */
  score: number | null;
  now: number;
  fuzzy: boolean;
}

const schema = z.tuple([z.number(), z.uuid(), z.int(), z.number().nullable(), z.number(), z.boolean()]);

export const writeCursor = ({ key, score, now, fuzzy }: Cursor): string =>
  Buffer.from(JSON.stringify([key.at, key.conversationId, key.seq, score, now, fuzzy])).toString('base64url');

/** Null for an invalid cursor. It only says where to continue and grants no access. */
export const readCursor = (text: string): Cursor | null => {
  try {
    const parsed = schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    const [at, conversationId, seq, score, now, fuzzy] = parsed;
    return { key: { at, conversationId, seq }, score, now, fuzzy };
  } catch {
    return null;
  }
};
