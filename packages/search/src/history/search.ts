import type { Db } from '@lockstep/db';
import type { HistoryState, Message, SearchPage } from '@lockstep/protocol';
import type { Key } from '../port.ts';
import { BEST_OF } from '../query/hits.ts';
import { keyOf, newestFirst, readCursor, writeCursor } from '../query/order.ts';
import type { Plan } from '../query/plan.ts';
import { scoreOf } from '../query/score.ts';
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
 * Searches every conversation, and besides what stands there every text that was edited away or recalled; newest first,
 * or with `sort:best` the best of the newest first. An empty text means everything. Permission is the caller's to check.
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
      text: ask.text,
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
  const isBest = page.query.sort === 'best';
  const now = cursor?.now ?? ask.now;
  const earlier =
    asked && !asked.never
      ? await findEarlier(
          db.pool,
          asked,
          state,
          isBest ? null : (cursor?.key ?? null),
          isBest ? BEST_OF : limit,
        )
      : { hits: [], more: false };
  const scoreFor = (message: Message) => (isBest && asked ? scoreOf(message, asked, now) : null);
  const standing = new Set(page.hits.map(({ message }) => keyText(message)));
  const all: Scored[] = [
    ...page.hits.map(({ message, marks }) => ({ message, marks, found: null, score: scoreFor(message) })),
    ...earlier.hits
      .filter(({ message }) => !standing.has(keyText(message)))
      .map(({ message, version, body }) => ({
        message,
        marks: [],
        found: { version, body, marks: marksOf(body, asked?.terms ?? []) },
        score: scoreFor({ ...message, body }),
      }))
      .filter((one) => !isBest || cursor === null || inOrder({ ...cursor, message: null }, one) < 0),
  ].sort(inOrder);
  const shown = all.slice(0, limit);
  const last = shown.at(-1);
  const more = all.length > limit || page.next !== null || (!isBest && earlier.more);
  const going = { now, forgiven: page.forgiven };
  return {
    hits: shown.map(({ score: _, ...hit }) => hit),
    page,
    next: more && last ? writeCursor({ key: keyOf(last.message), score: last.score, ...going }) : null,
  };
};

type Scored = HistoryFind['hits'][number] & { score: number | null };

/** Best first where there are scores, and then newest first. */
const inOrder = (
  a: { message: Message; score: number | null } | { message: null; key: Key; score: number | null },
  b: { message: Message; score: number | null },
): number =>
  (b.score ?? 0) - (a.score ?? 0) ||
  newestFirst(a.message === null ? a.key : keyOf(a.message), keyOf(b.message));

const keyText = ({ conversationId, seq }: Message) => `${conversationId} ${seq}`;
