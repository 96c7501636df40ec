import { Budget, type Db, inSnapshot, isOverBudget } from '@lockstep/db';
import type { HistoryState, Message, SearchPage } from '@lockstep/protocol';
import { BEST_OF } from '../query/hits.ts';
import { type Key, keyOf, newestFirst } from '../query/key.ts';
import { readCursor, writeCursor } from '../query/order.ts';
import type { Plan } from '../query/plan.ts';
import { scoreOf } from '../query/score.ts';
import type { Searcher } from '../searcher.ts';
import { marksOf } from '../text/index.ts';
import { type EarlierHits, findEarlier } from './earlier.ts';

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
  /** One of the searcher's when left out. */
  budget?: Budget | undefined;
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
 * Where the budget ends, both are cut short at the same place, and the next page goes on there.
 */
export const searchHistory = async (searcher: Searcher, db: Db, ask: HistoryAsk): Promise<HistoryFind> => {
  const { state, from, to, limit, budget = new Budget(searcher.limits) } = ask;
  const cursor = ask.cursor === null ? null : readCursor(ask.cursor);
  let plan: Plan | null = null;
  const refine = (given: Plan) => {
    if (ask.text.trim() === '') given.matchesNothing = false;
    if (from !== null) given.range.from = Math.max(given.range.from, from);
    if (to !== null) given.range.to = Math.min(given.range.to, to);
    if (given.range.from >= given.range.to) given.matchesNothing = true;
    plan = structuredClone(given);
    if (state === 'edited') given.traits.push('edit');
    if (state === 'recalled') given.matchesNothing = true;
  };
  // Current texts first: a text that is replaced in between is then found as an earlier one and never missed.
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
      budget: budget.part(0.5),
    },
  );
  const asked = plan as Plan | null;
  const isBest = page.query.sort === 'best';
  const now = cursor?.now ?? ask.now;
  const earlier =
    asked && !asked.matchesNothing
      ? await earlierTexts(db, asked, state, {
          before: isBest ? null : (cursor?.key ?? null),
          limit: isBest ? BEST_OF : limit,
          budget: budget.part(0.3),
        })
      : NO_EARLIER;
  const scoreFor = (message: Message) => (isBest && asked ? scoreOf(message, asked, now) : null);
  const standing = new Set(page.hits.map(({ message }) => keyText(message)));
  const all: Scored[] = [];
  const last = budget.part(0.2);
  await last.each(page.hits, (hit) => all.push({ ...hit, found: null, score: scoreFor(hit.message) }));
  await last.each(earlier.hits, ({ message, version, body }) => {
    if (standing.has(keyText(message))) return;
    const found = { version, body, marks: marksOf(body, asked?.terms ?? []) };
    const one = { message, marks: [], found, score: scoreFor({ ...message, body }) };
    if (!isBest || cursor === null || inOrder({ ...cursor, message: null }, one) < 0) all.push(one);
  });
  const { shown, next } = cutAt(
    all.sort(inOrder),
    limit,
    isBest
      ? { end: null, more: page.next !== null }
      : {
          // Older than where one of them was cut short, the other is left for the next page.
          end: newestOf([page.reach.cut && page.next ? readCursor(page.next)?.key : null, earlier.end]),
          more: page.next !== null || earlier.more,
          // One of them has not started, so there is no cursor to continue from.
          stuck: (page.reach.cut && page.next === null) || (earlier.isCut && earlier.end === null),
        },
  );
  const reach = { ...page.reach, cut: budget.isCut, complete: page.reach.complete && !budget.isCut };
  return {
    hits: shown.map(({ score: _, ...hit }) => hit),
    page: { ...page, reach },
    next: next && writeCursor({ ...next, now, fuzzy: page.forgiven }),
  };
};

/** What is shown of these, and after what the next page goes on. */
const cutAt = (
  all: Scored[],
  limit: number,
  { end, more, stuck = false }: { end: Key | null; more: boolean; stuck?: boolean },
): { shown: Scored[]; next: { key: Key; score: number | null } | null } => {
  const known = all.filter(({ message }) => end === null || newestFirst(keyOf(message), end) <= 0);
  const shown = known.slice(0, limit);
  const last = shown.at(-1);
  const after = known.length > limit || end === null ? last && keyOf(last.message) : end;
  const goesOn = !stuck && (known.length > limit || more);
  return { shown, next: goesOn && after ? { key: after, score: last?.score ?? null } : null };
};

const newestOf = (keys: (Key | null | undefined)[]): Key | null =>
  keys.filter((key) => key != null).sort(newestFirst)[0] ?? null;

const NO_EARLIER: EarlierHits = { hits: [], more: false, isCut: false, end: null };

const earlierTexts = async (
  db: Db,
  plan: Plan,
  state: HistoryState,
  options: { before: Key | null; limit: number; budget: Budget },
): Promise<EarlierHits> => {
  const { budget } = options;
  try {
    return await inSnapshot(
      db.pool,
      (client) => findEarlier(budget.of(client), plan, state, options),
      budget.limits,
    );
  } catch (error) {
    if (!isOverBudget(error)) throw error;
    budget.cut();
    return { hits: [], more: true, isCut: true, end: null };
  }
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
