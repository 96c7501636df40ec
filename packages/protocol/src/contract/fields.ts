import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { id, seq } from '../ids.ts';
import { LIMITS } from '../limits.ts';

// Parts that inputs of several families share.

/** Of a page. */
export const limit = z.int().min(1).max(LIMITS.page).default(50);
export const searchLimit = z.int().min(1).max(LIMITS.searchPage).default(20);
export const inConversation = { conversationId: id };
export const ofMessage = { conversationId: id, seq: seq.min(1) };
/** A name, or part of one, as it is typed. */
export const typed = bounded(z.string().max(LIMITS.query));
/** The answer of calls that return nothing. */
export const nothing = z.null();
