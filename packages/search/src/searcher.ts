import {
  type Db,
  inSnapshot,
  MESSAGE_COLUMNS,
  type MessageRow,
  peopleIn,
  type Queryable,
  toMessage,
} from '@lockstep/db';
import {
  type Message,
  mentionsIn,
  type ParsedSearch,
  type Person,
  parseSearch,
  SEARCH_FACETS,
  type SearchCount,
  type SearchFacets,
  type SearchHit,
  type SearchPage,
  type SearchProblem,
  type SearchReach,
} from '@lockstep/protocol';
import type { Counts, Key, SearchIndex } from './port.ts';
import { countOne, emptyCounts } from './query/counts.ts';
import { Dictionary, widen } from './query/dictionary.ts';
import { fits } from './query/fits.ts';
import { type Months, monthsOf } from './query/months.ts';
import { type Cursor, newestFirst, readCursor, writeCursor } from './query/order.ts';
import type { Plan } from './query/plan.ts';
import { type Resolved, resolve } from './query/resolve.ts';
import { readScope, type Scope, type Viewer } from './query/scope.ts';
import { scoreOf } from './query/score.ts';
import { readTail, type Tail } from './query/tail.ts';
import { marksOf } from './text/index.ts';

export interface Ask {
  text: string;
  typing: boolean;
  timeZone: string;
  /** In ms since 1970. */
  now: number;
}

export interface AskPage extends Ask {
  cursor: string | null;
  limit: number;
  facets: boolean;
}

/** `best` sorts the newest so many hits. */
const BEST_OF = 500;
/** Hits that are looked at one by one where the engine cannot count. */
const COUNTED_ONE_BY_ONE = 2_000;

/** A question, as it stands in one snapshot of the store. */
interface Question {
  client: Queryable;
  parsed: ParsedSearch;
  scope: Scope;
  resolved: Resolved;
  plan: Plan;
  tail: Tail;
  /** Of the tail, those that fit. */
  fresh: Message[];
  now: number;
}

/**
 * Answers searches over any engine: what is not indexed yet is searched directly (rule 11), and every hit is looked up
 * through membership and read again before it is shown (rule 10). All in one read-only snapshot of the store, so that
 * index, checkpoints, memberships and messages belong together.
 */
export class Searcher {
  readonly #dictionary = new Dictionary();

  constructor(
    readonly db: Db,
    readonly index: SearchIndex,
  ) {}

  page(viewer: Viewer, ask: AskPage): Promise<SearchPage> {
    const cursor = ask.cursor === null ? null : readCursor(ask.cursor);
    const forgive = cursor?.forgiven ?? null;
    const moment = { ...ask, now: cursor?.now ?? ask.now };
    return this.#ask(viewer, moment, forgive, async (question, forgiven) => {
      const { parsed, resolved, tail, client, plan, now } = question;
      const best = parsed.query.sort === 'best';
      const months = ask.facets && cursor === null ? monthsOf(ask.timeZone, now) : null;
      const found = best
        ? await this.#best(question, cursor, ask.limit, months)
        : await this.#newest(question, cursor, ask.limit, months);
      const last = found.messages.at(-1);
      const score = best && last ? scoreOf(last, plan, now) : null;
      const facets = found.counts && toFacets(found.counts);
      const people = await peopleIn(client, [
        ...new Set([...idsIn(found.messages), ...(facets?.people.map(({ userId }) => userId) ?? [])]),
      ]);
      const page: SearchPage = {
        hits: found.messages.map((message) => toHit(message, plan)),
        people: chosen(people, idsIn(found.messages)),
        next: found.more && last ? writeCursor({ key: keyOf(last), score, now, forgiven }) : null,
        query: parsed.query,
        problems: problemsOf(ask.text, parsed, resolved),
        forgiven,
        reach: reachOf(tail, now),
        facets: facets && {
          ...facets,
          persons: chosen(people, new Set(facets.people.map(({ userId }) => userId))),
        },
      };
      return { value: page, empty: found.messages.length === 0 };
    });
  }

  facets(viewer: Viewer, ask: Ask): Promise<SearchFacets> {
    return this.#ask(viewer, ask, null, async (question) => {
      const facets = toFacets(await this.#counts(question, ask.timeZone));
      const persons = await peopleIn(
        question.client,
        facets.people.map(({ userId }) => userId),
      );
      return { value: { ...facets, persons }, empty: facets.total.count === 0 };
    });
  }

  count(viewer: Viewer, ask: Ask): Promise<SearchCount> {
    return this.#ask(viewer, ask, null, async (question) => {
      const { total, capped } = await this.#counts(question, ask.timeZone);
      return { value: { count: total, capped }, empty: total === 0 };
    });
  }

  /**
   * Runs `answer` on the question. When nothing at all fits it as typed, on the one that forgives slips of the pen: that
   * a word was near is told only where something is found by it, since it may be one that the viewer cannot see. With
   * `forgive` a cursor says which of the two a page goes on with; it may be made up, and then says nothing either.
   */
  #ask<T>(
    viewer: Viewer,
    { text, typing, timeZone, now }: Ask,
    forgive: boolean | null,
    answer: (question: Question, forgiven: boolean) => Promise<{ value: T; empty: boolean }>,
  ): Promise<T> {
    const parsed = parseSearch(text, { typing });
    return inSnapshot(this.db.pool, async (client) => {
      const scope = await readScope(client, viewer, this.index.consumer);
      const resolved = await resolve(client, scope, parsed.query, { now, timeZone });
      const { plan } = resolved;
      // What was left out of a query must not turn it into one for everything.
      if (parsed.query.clauses.length === 0) plan.never = true;
      const tail = await readTail(client, scope, plan);
      const asked = (of: Plan): Question => {
        const fresh = tail.messages.filter((message) => fits(message, of));
        return { client, parsed, scope, resolved, plan: of, tail, fresh, now };
      };
      const mayForgive = !plan.never && plan.terms.length > 0;
      const exact = forgive === true && mayForgive ? null : await answer(asked(plan), false);
      if (exact && (!exact.empty || !mayForgive || forgive === false)) return exact.value;
      await this.#dictionary.refresh(client);
      const wide = widen(plan, this.#dictionary);
      if (exact && !wide) return exact.value;
      const forgiving = await answer(asked(wide ?? plan), true);
      return exact && forgiving.empty ? exact.value : forgiving.value;
    });
  }

  async #newest(question: Question, cursor: Cursor | null, limit: number, months: Months | null) {
    const before = cursor?.key ?? null;
    const direct = question.fresh.filter(
      (message) => before === null || newestFirst(before, keyOf(message)) < 0,
    );
    const { messages, counts } = await this.#indexed(question, before, limit + 1, months);
    const all = [...messages, ...direct].sort((a, b) => newestFirst(keyOf(a), keyOf(b)));
    return { messages: all.slice(0, limit), more: all.length > limit, counts };
  }

  async #best(question: Question, cursor: Cursor | null, limit: number, months: Months | null) {
    const { plan, fresh, now } = question;
    const { messages, counts } = await this.#indexed(question, null, BEST_OF, months);
    const rest = [...messages, ...fresh]
      .map((message) => ({ message, key: keyOf(message), score: scoreOf(message, plan, now) }))
      .filter(({ score, key }) => {
        if (cursor === null || cursor.score === null) return true;
        return score < cursor.score || (score === cursor.score && newestFirst(cursor.key, key) < 0);
      })
      .sort((a, b) => b.score - a.score || newestFirst(a.key, b.key));
    return {
      messages: rest.slice(0, limit).map(({ message }) => message),
      more: rest.length > limit,
      counts,
    };
  }

  /** Hits of the index, each read again from the store; goes on until there are enough or there is nothing more. */
  async #indexed(question: Question, from: Key | null, limit: number, months: Months | null) {
    const { client, plan, tail, scope } = question;
    const messages: Message[] = [];
    let counts: Counts | null = null;
    let before = from;
    for (;;) {
      const found = await this.index.find(client, {
        plan,
        unindexed: tail.unindexed,
        before,
        limit,
        reachable: reachableIn(scope, plan),
        months: before === null ? months : null,
      });
      const { candidates } = found;
      counts ??= found.counts;
      messages.push(
        ...(await reread(client, scope, plan, candidates)).filter((message) => fits(message, plan)),
      );
      if (messages.length >= limit || found.next === null) break;
      before = found.next;
    }
    if (months && from === null) {
      counts ??= await this.#countOneByOne(question, months);
      for (const message of question.fresh) countOne(counts, message, months);
    }
    return { messages: messages.slice(0, limit), counts };
  }

  async #counts(question: Question, timeZone: string): Promise<Counts> {
    const { counts } = await this.#indexed(question, null, 1, monthsOf(timeZone, question.now));
    return counts ?? emptyCounts();
  }

  async #countOneByOne(question: Question, months: Months): Promise<Counts> {
    const counts = emptyCounts();
    const { messages } = await this.#indexed(question, null, COUNTED_ONE_BY_ONE + 1, null);
    counts.capped = messages.length > COUNTED_ONE_BY_ONE;
    for (const message of messages.slice(0, COUNTED_ONE_BY_ONE)) countOne(counts, message, months);
    return counts;
  }
}

/** Messages that the conversations of a plan have, about; null for everything. */
const reachableIn = ({ conversations }: Scope, plan: Plan): number | null =>
  conversations === null
    ? null
    : (plan.conversations.some ?? []).reduce((sum, id) => sum + (conversations.get(id)?.headSeq ?? 0), 0);

const toFacets = ({ total, capped, people, conversations, months }: Counts) => {
  const most = (counts: Map<string, number>) =>
    [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, SEARCH_FACETS);
  return {
    total: { count: total, capped },
    people: most(people).map(([userId, count]) => ({ userId, count })),
    conversations: most(conversations).map(([conversationId, count]) => ({ conversationId, count })),
    months: [...months].sort().map(([month, count]) => ({ month, count })),
  };
};

const idsIn = (messages: Message[]): Set<string> =>
  new Set(messages.flatMap(({ senderId, body }) => [senderId, ...mentionsIn(body)]));

const chosen = (people: Person[], ids: Set<string>): Person[] => people.filter(({ id }) => ids.has(id));

const keyOf = ({ createdAt, conversationId, seq }: Message): Key => ({ at: createdAt, conversationId, seq });

const toHit = (message: Message, plan: Plan): SearchHit => ({
  message,
  marks: marksOf(message.body ?? '', plan.terms),
});

/** The messages of these keys, newest first, found through the viewer's membership or not at all (rule 10). */
const reread = async (
  client: Queryable,
  { viewer }: Scope,
  plan: Plan,
  keys: Key[],
): Promise<Message[]> => {
  if (keys.length === 0) return [];
  const { rows } = await client.query<MessageRow>({
    name: viewer.everything ? 'search-reread-all' : 'search-reread',
    text: `select ${MESSAGE_COLUMNS} from unnest($1::uuid[], $2::int[]) k(id, seq)
           join message m on m.conversation_id = k.id and m.seq = k.seq
           where m.body is not null and ${viewer.everything ? OF_KIND : OF_MEMBER}`,
    values: [
      keys.map((key) => key.conversationId),
      keys.map((key) => key.seq),
      viewer.everything ? plan.direct : viewer.userId,
    ],
  });
  return rows.map(toMessage).sort((a, b) => newestFirst(keyOf(a), keyOf(b)));
};

const OF_MEMBER = `exists (
  select 1 from member v where v.conversation_id = m.conversation_id and v.user_id = $3 and v.left_rev is null)`;
const OF_KIND = `($3::boolean is null or $3 = exists (
  select 1 from conversation c where c.id = m.conversation_id and c.kind = 'direct'))`;

const problemsOf = (text: string, { problems, spans }: ParsedSearch, resolved: Resolved): SearchProblem[] => [
  ...problems,
  ...resolved.problems.map(({ clause, code }) => {
    const [from, to] = spans[clause] ?? [0, 0];
    return { code, from, to, text: text.slice(from, to), suggestion: null };
  }),
];

const reachOf = ({ since, behind, unindexed }: Tail, now: number): SearchReach => ({
  upTo: since ?? now,
  behind,
  complete: unindexed.complete,
});
