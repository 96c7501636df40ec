import { type Budget, BudgetOver, type Queryable } from '@lockstep/db';
import type { Message } from '@lockstep/protocol';
import type { Counts, SearchIndex } from '../port.ts';
import { countOne, emptyCounts } from './counts.ts';
import { matcherOf } from './fits.ts';
import { type Key, keyOf, newestFirst } from './key.ts';
import type { Months } from './months.ts';
import type { Cursor } from './order.ts';
import type { Plan } from './plan.ts';
import { reread } from './reread.ts';
import { scan } from './scan.ts';
import type { Scope } from './scope.ts';
import { scoreOf } from './score.ts';
import type { Tail } from './tail.ts';

/** `best` sorts the newest so many hits. */
export const BEST_OF = 500;
/** Maximum hits checked one by one if the engine cannot count. */
const COUNTED_ONE_BY_ONE = 2_000;
/** How long the store itself is searched if the index is unavailable, and if it is too far behind, in ms. */
export interface ScanTime {
  away: number;
  behind: number;
}
export const SCAN_TIME: ScanTime = { away: 1_000, behind: 300 };

/** A plan and what it runs over, as they stand in one snapshot of the store. */
export interface Question {
  client: Queryable;
  /** Null if it is unavailable: the store is searched instead. */
  index: SearchIndex | null;
  scope: Scope;
  plan: Plan;
  tail: Tail;
  /** Of the tail, those that fit. */
  fresh: Message[];
  scanTime: ScanTime;
  now: number;
  /** When it ends, the answer covers what was searched until then. */
  budget: Budget;
  /** Called for each hit of the index and the store. */
  onHit?: ((message: Message) => void) | undefined;
}

export interface Hits {
  messages: Message[];
  /** Whether there are more after them. */
  more: boolean;
  /** Of all that fits; null when not asked for. */
  counts: Counts | null;
  /** False when some may be missing. */
  complete: boolean;
  /** When it was cut short: nothing older than this was looked at. Null when nothing at all was. */
  end: Key | null;
}

/** A page of them after the cursor, newest first. With `months` all are counted as well. */
export const newest = async (
  question: Question,
  cursor: Cursor | null,
  limit: number,
  months: Months | null,
): Promise<Hits> => {
  const before = cursor?.key ?? null;
  const direct = question.fresh.filter(
    (message) => before === null || newestFirst(before, keyOf(message)) < 0,
  );
  const { messages, counts, complete, end } = await stored(question, before, limit + 1, months);
  const all = once([...messages, ...direct])
    // The next page goes on at the end: what is older is left for it.
    .filter((message) => end === null || newestFirst(keyOf(message), end) <= 0)
    .sort((a, b) => newestFirst(keyOf(a), keyOf(b)));
  return {
    messages: all.slice(0, limit),
    more: all.length > limit || end !== null,
    counts,
    complete,
    end: all.length > limit ? null : end,
  };
};

/** A page of the newest BEST_OF after the cursor, the best of them first. With `months` all are counted as well. */
export const best = async (
  question: Question,
  cursor: Cursor | null,
  limit: number,
  months: Months | null,
): Promise<Hits> => {
  const { plan, fresh, now, budget } = question;
  const scores = new Map<Message, number>();
  // Where the budget ends, the rest has no score and is left out.
  const onHit = (message: Message) => void scores.set(message, scoreOf(message, plan, now));
  await budget.each(fresh, onHit);
  const { messages, counts, complete } = await stored({ ...question, onHit }, null, BEST_OF, months);
  const rest = once([...messages, ...fresh].filter((message) => scores.has(message)))
    .map((message) => ({ message, key: keyOf(message), score: scores.get(message) ?? 0 }))
    .filter(({ score, key }) => {
      if (cursor === null || cursor.score === null) return true;
      return score < cursor.score || (score === cursor.score && newestFirst(cursor.key, key) < 0);
    })
    .sort((a, b) => b.score - a.score || newestFirst(a.key, b.key));
  return {
    messages: rest.slice(0, limit).map(({ message }) => message),
    more: rest.length > limit,
    counts,
    complete,
    end: null,
  };
};

export const countAll = async (question: Question, months: Months): Promise<Counts> => {
  const { counts } = await stored(question, null, 1, months);
  return counts ?? emptyCounts();
};

/** The hits of the index; if it is unavailable or too far behind, also what a short search of the store finds. */
const stored = async (
  question: Question,
  before: Key | null,
  limit: number,
  months: Months | null,
): Promise<Omit<Hits, 'more'>> => {
  const { client, scope, plan, tail, fresh, index, scanTime, budget, onHit } = question;
  const counting = months !== null && before === null;
  const found = index
    ? await indexed({ ...question, index }, before, limit, months)
    : { messages: [], counts: null, end: null };
  const { counts, end } = found;
  if (counts) counts.capped ||= budget.isCut;
  if (index && tail.unindexed.complete && !tail.outdated) return { ...found, complete: !budget.isCut };
  const { messages, complete } = await scan(client, scope, plan, {
    before,
    limit: counting && !index ? COUNTED_ONE_BY_ONE + 1 : limit,
    ms: index ? scanTime.behind : scanTime.away,
    budget,
    onHit,
  });
  if (counts) counts.capped ||= !complete;
  return {
    messages: once([...found.messages, ...messages]),
    counts: counts ?? (counting ? countThese(once([...messages, ...fresh]), months, !complete) : null),
    complete: complete && !budget.isCut,
    end,
  };
};

type Indexed = Question & { index: SearchIndex };

/** Candidates that are read again in one statement: their texts may be long. */
const REREAD = 100;

/**
 * Hits of the index, each read again from the store; goes on until there are enough or there is nothing more, or until
 * the budget ends, at `end`.
 */
const indexed = async (question: Indexed, from: Key | null, limit: number, months: Months | null) => {
  const { client, index, plan, tail, scope, budget, onHit } = question;
  const messages: Message[] = [];
  const isHit = matcherOf(plan);
  let counts: Counts | null = null;
  let before = from;
  let end: Key | null = null;
  const take = (message: Message) => {
    end = keyOf(message);
    if (!isHit(message)) return;
    messages.push(message);
    onHit?.(message);
  };
  const checkCandidates = async (candidates: Key[]): Promise<boolean> => {
    for (let i = 0; i < candidates.length && messages.length < limit; i += REREAD) {
      budget.check();
      const read = await reread(client, scope.viewer, plan, candidates.slice(i, i + REREAD));
      if (!(await budget.each(read, take))) return false;
    }
    return true;
  };
  try {
    for (;;) {
      budget.check();
      const { candidates, ...found } = await index.find(client, {
        plan,
        unindexed: tail.unindexed,
        before,
        limit,
        reachable: reachableIn(scope, plan),
        months: before === null ? months : null,
        budget,
      });
      counts ??= found.counts;
      if (!(await checkCandidates(candidates))) break;
      if (messages.length >= limit || found.next === null) {
        end = null;
        break;
      }
      before = found.next;
      end = before;
    }
  } catch (error) {
    if (!(error instanceof BudgetOver)) throw error;
  }
  if (months && from === null) {
    counts ??= await countOneByOne(question, months);
    for (const message of question.fresh) countOne(counts, message, months);
  }
  return { messages: messages.slice(0, limit), counts, end };
};

const countOneByOne = async (question: Indexed, months: Months): Promise<Counts> => {
  const { messages } = await indexed({ ...question, onHit: undefined }, null, COUNTED_ONE_BY_ONE + 1, null);
  return countThese(messages, months, false);
};

const countThese = (messages: Message[], months: Months, capped: boolean): Counts => {
  const counts = { ...emptyCounts(), capped: capped || messages.length > COUNTED_ONE_BY_ONE };
  for (const message of messages.slice(0, COUNTED_ONE_BY_ONE)) countOne(counts, message, months);
  return counts;
};

/** Each message once, whatever ways it was found by. */
const once = (messages: Message[]): Message[] => [
  ...new Map(messages.map((message) => [`${message.conversationId} ${message.seq}`, message])).values(),
];

/** Messages that the conversations of a plan have, about; null for everything. */
const reachableIn = ({ conversations }: Scope, plan: Plan): number | null =>
  conversations === null
    ? null
    : (plan.conversations.some ?? []).reduce((sum, id) => sum + (conversations.get(id)?.headSeq ?? 0), 0);
