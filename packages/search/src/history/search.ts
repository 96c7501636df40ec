import type { Db } from '@lockstep/db';
import type { HistoryState, Message, SearchPage } from '@lockstep/protocol';
import { keyOf, newestFirst, readCursor, writeCursor } from '../query/order.ts';
import type { Plan } from '../query/plan.ts';
import type { Searcher } from '../searcher.ts';
import { marksOf } from '../text/index.ts';
import { findEarlier } from './earlier.ts';

export interface HistoryAsk {
  /** Who is meant by `me`. */
  userId: string;
  text: string;
  state: HistoryState;
  /** Sent at or after, and before; in ms since 1970. */
  from: number | null;
  to: number | null;
  timeZone: string;
  now: number;
  cursor: string | null;
  limit: number;
  facets: boolean;
}

export interface HistoryFind {
  hits: {
    message: Message;
    marks: [from: number, to: number][];
    /** The earlier text that fits, where the present one does not. */
    found: { version: number; body: string; marks: [from: number, to: number][] } | null;
  }[];
  next: string | null;
  page: SearchPage;
}

/**
 * Searches every conversation, and besides what stands there every text that was edited away or recalled; newest first.
 * An empty text means everything. Permission is the caller's to check.
 */
export const searchHistory = async (searcher: Searcher, db: Db, ask: HistoryAsk): Promise<HistoryFind> => {
  const { state, from, to, limit } = ask;
  const cursor = ask.cursor === null ? null : readCursor(ask.cursor);
  let plan: Plan | null = null;
  const refine = (given: Plan) => {
    if (ask.text.trim() === '') given.never = false;
    if (from !== null) given.range.from = Math.max(given.range.from, from);
    if (to !== null) given.range.to = Math.min(given.range.to, to);
    if (given.range.from >= given.range.to) given.never = true;
    plan = structuredClone(given);
    if (state === 'edited') given.traits.push('edit');
    if (state === 'recalled') given.never = true;
  };
  // What stands now first: a text that is replaced in between is then found as an earlier one, never not at all.
  const page = await searcher.page(
    { userId: ask.userId, everything: true },
    {
      text: ask.text.replace(/\bsort:best\b/gi, ''),
      typing: false,
      timeZone: ask.timeZone,
      now: ask.now,
      cursor: ask.cursor,
      limit,
      facets: ask.facets && state !== 'recalled',
      refine,
    },
  );
  const asked = plan as Plan | null;
  const terms = asked?.terms ?? [];
  const earlier =
    asked && !asked.never
      ? await findEarlier(db.pool, asked, state, cursor?.key ?? null, limit)
      : { hits: [], more: false };
  const standing = new Set(page.hits.map(({ message }) => keyText(message)));
  const all: HistoryFind['hits'] = [
    ...page.hits.map(({ message, marks }) => ({ message, marks, found: null })),
    ...earlier.hits
      .filter(({ message }) => !standing.has(keyText(message)))
      .map(({ message, version, body }) => ({
        message,
        marks: [],
        found: { version, body, marks: marksOf(body, terms) },
      })),
  ].sort((a, b) => newestFirst(keyOf(a.message), keyOf(b.message)));
  const hits = all.slice(0, limit);
  const last = hits.at(-1);
  const more = all.length > limit || page.next !== null || earlier.more;
  const going = { score: null, now: cursor?.now ?? ask.now, forgiven: page.forgiven };
  return { hits, page, next: more && last ? writeCursor({ key: keyOf(last.message), ...going }) : null };
};

const keyText = ({ conversationId, seq }: Message) => `${conversationId} ${seq}`;
