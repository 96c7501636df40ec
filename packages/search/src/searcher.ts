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
import type { Candidate, Counts, Key, SearchIndex } from './port.ts';
import { countOne, emptyCounts } from './query/counts.ts';
import { Dictionary, widen } from './query/dictionary.ts';
import { fits } from './query/fits.ts';
import { monthsOf } from './query/months.ts';
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
const BEST_OF = 1_000;
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
    return this.#ask(
      viewer,
      { ...ask, now: cursor?.now ?? ask.now },
      cursor?.forgiven ?? null,
      async (question, forgiven) => {
        const { parsed, resolved, tail } = question;
        const sort = parsed.query.sort ?? 'newest';
        const found =
          sort === 'best'
            ? await this.#best(question, cursor, ask.limit)
            : await this.#newest(question, cursor, ask.limit);
        const hits = found.messages.map((message) => toHit(message, question.plan));
        const last = found.messages.at(-1);
        const next: Cursor | null =
          found.more && last
            ? {
                key: keyOf(last),
                score: sort === 'best' ? scoreOf(last, question.plan, question.now) : null,
                now: question.now,
                forgiven,
              }
            : null;
        return {
          hits,
          people: await peopleOf(question.client, found.messages),
          next: next && writeCursor(next),
          query: parsed.query,
          problems: problemsOf(ask.text, parsed, resolved),
          forgiven,
          reach: reachOf(tail, question.now),
          facets: ask.facets && cursor === null ? await this.#facets(question, ask.timeZone) : null,
        };
      },
    );
  }

  facets(viewer: Viewer, ask: Ask): Promise<SearchFacets> {
    return this.#ask(viewer, ask, null, (question) => this.#facets(question, ask.timeZone));
  }

  count(viewer: Viewer, ask: Ask): Promise<SearchCount> {
    return this.#ask(viewer, ask, null, async (question) => {
      const { total, capped } = await this.#counts(question, ask.timeZone);
      return { count: total, capped };
    });
  }

  /** Runs `answer` on the question; when nothing at all fits it as typed, on the one that forgives slips of the pen. */
  #ask<T>(
    viewer: Viewer,
    { text, typing, timeZone, now }: Ask,
    forgive: boolean | null,
    answer: (question: Question, forgiven: boolean) => Promise<T>,
  ): Promise<T> {
    const parsed = parseSearch(text, { typing });
    return inSnapshot(this.db.pool, async (client) => {
      const scope = await readScope(client, viewer, this.index.consumer);
      const resolved = await resolve(client, scope, parsed.query, { now, timeZone });
      const { plan } = resolved;
      // What was left out of a query must not turn it into one for everything.
      if (parsed.query.clauses.length === 0) plan.never = true;
      const tail = await readTail(client, scope, plan);
      const asked = (of: Plan): Question => ({
        client,
        parsed,
        scope,
        resolved,
        plan: of,
        tail,
        fresh: tail.messages.filter((message) => fits(message, of)),
        now,
      });
      const exact = asked(plan);
      if (forgive === false || plan.never || plan.terms.length === 0) return answer(exact, false);
      if (forgive === null && (await this.#newest(exact, null, 1)).messages.length > 0)
        return answer(exact, false);
      await this.#dictionary.refresh(client);
      const wide = widen(plan, this.#dictionary);
      const forgiving = wide ? asked(wide) : exact;
      // That a word was near is not told where nothing is found by it: it may be one that the viewer cannot see. A
      // cursor says it by itself, and may be made up.
      const finds = forgive === true || (await this.#newest(forgiving, null, 1)).messages.length > 0;
      return finds ? answer(forgiving, true) : answer(exact, false);
    });
  }

  async #newest(question: Question, cursor: Cursor | null, limit: number) {
    const { fresh } = question;
    const before = cursor?.key ?? null;
    const direct = fresh.filter((message) => before === null || newestFirst(before, keyOf(message)) < 0);
    const indexed = await this.#indexed(question, before, limit + 1);
    const all = [...indexed, ...direct].sort((a, b) => newestFirst(keyOf(a), keyOf(b)));
    return { messages: all.slice(0, limit), more: all.length > limit };
  }

  async #best(question: Question, cursor: Cursor | null, limit: number) {
    const { plan, fresh, now } = question;
    const candidates = [...(await this.#indexed(question, null, BEST_OF)), ...fresh];
    const scored = candidates
      .map((message) => ({ message, key: keyOf(message), score: scoreOf(message, plan, now) }))
      .sort((a, b) => b.score - a.score || newestFirst(a.key, b.key));
    const after = (one: (typeof scored)[number]) =>
      cursor === null ||
      one.score < (cursor.score ?? 0) ||
      (one.score === cursor.score && newestFirst(cursor.key, one.key) < 0);
    const rest = scored.filter(after);
    return { messages: rest.slice(0, limit).map(({ message }) => message), more: rest.length > limit };
  }

  /** Hits of the index, each read again from the store; goes on until there are enough or there is nothing more. */
  async #indexed(question: Question, from: Key | null, limit: number): Promise<Message[]> {
    const { client, plan, tail, scope } = question;
    const found: Message[] = [];
    let before = from;
    for (;;) {
      const candidates = await this.index.find(client, { plan, unindexed: tail.unindexed, before, limit });
      found.push(...(await reread(client, scope, plan, candidates)).filter((message) => fits(message, plan)));
      const last = candidates.at(-1);
      if (candidates.length < limit || found.length >= limit || !last) return found.slice(0, limit);
      before = last;
    }
  }

  async #facets(question: Question, timeZone: string): Promise<SearchFacets> {
    const { total, capped, people, conversations, months } = await this.#counts(question, timeZone);
    const most = <T extends string>(counts: Map<T, number>) =>
      [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, SEARCH_FACETS);
    const senders = most(people);
    return {
      total: { count: total, capped },
      people: senders.map(([userId, count]) => ({ userId, count })),
      conversations: most(conversations).map(([conversationId, count]) => ({ conversationId, count })),
      months: [...months].sort().map(([month, count]) => ({ month, count })),
      persons: await peopleIn(
        question.client,
        senders.map(([userId]) => userId),
      ),
    };
  }

  async #counts(question: Question, timeZone: string): Promise<Counts> {
    const { client, plan, tail, fresh } = question;
    if (plan.never) return emptyCounts();
    const months = monthsOf(timeZone, question.now);
    let counts = await this.index.count(client, { plan, unindexed: tail.unindexed, months });
    if (counts === null) {
      counts = emptyCounts();
      const found = await this.#indexed(question, null, COUNTED_ONE_BY_ONE + 1);
      counts.capped = found.length > COUNTED_ONE_BY_ONE;
      for (const message of found.slice(0, COUNTED_ONE_BY_ONE)) countOne(counts, message, months);
    }
    for (const message of fresh) countOne(counts, message, months);
    return counts;
  }
}

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
  keys: Candidate[],
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

const peopleOf = (client: Queryable, messages: Message[]): Promise<Person[]> =>
  peopleIn(client, [...new Set(messages.flatMap(({ senderId, body }) => [senderId, ...mentionsIn(body)]))]);

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
