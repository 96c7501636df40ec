import {
  Budget,
  type BudgetLimits,
  type Db,
  inSnapshot,
  isOverBudget,
  PAGE_BYTES,
  peopleIn,
  type Queryable,
} from '@lockstep/db';
import {
  type Message,
  type ParsedSearch,
  parseSearch,
  type SearchCount,
  type SearchFacets,
  type SearchPage,
} from '@lockstep/protocol';
import { chosen, idsIn, problemsOf, reachOf, toFacets, toHits } from './answer.ts';
import { IndexUnavailable, type SearchIndex } from './port.ts';
import { emptyCounts } from './query/counts.ts';
import { Dictionary, widen } from './query/dictionary.ts';
import { matcherOf } from './query/fits.ts';
import { best, countAll, newest, type Question, SCAN_TIME, type ScanTime } from './query/hits.ts';
import { keyOf } from './query/key.ts';
import { monthsOf } from './query/months.ts';
import { knownNames, NameCandidates, storeDirectory } from './query/names.ts';
import { readCursor, writeCursor } from './query/order.ts';
import type { Plan } from './query/plan.ts';
import { type Planned, planOf } from './query/planner.ts';
import { readScope, type Viewer } from './query/scope.ts';
import { scoreOf } from './query/score.ts';
import { readTail } from './query/tail.ts';

export interface Ask {
  text: string;
  typing: boolean;
  timeZone: string;
  /** In ms since 1970. */
  now: number;
  /** Narrows what the text asks for, and may let an empty text stand for everything; for message history. */
  refine?: ((plan: Plan) => void) | undefined;
  /** One of SEARCH_LIMITS when left out. */
  budget?: Budget | undefined;
}

/** The budget of one search; at its end the answer is partial and marked so. */
export const SEARCH_LIMITS: BudgetLimits = {
  loopMs: 300,
  ms: 1_200,
  statementMs: 600,
  rows: 100_000,
  bytes: PAGE_BYTES,
};
/** For exports, which must be complete: no time limit, and they yield to other work. */
export const EXPORT_LIMITS: BudgetLimits = {
  loopMs: 600_000,
  ms: 600_000,
  statementMs: 120_000,
  rows: 100_000_000,
  bytes: PAGE_BYTES,
};

export interface AskPage extends Ask {
  cursor: string | null;
  limit: number;
  facets: boolean;
}

/** A query and its plan. */
interface PlannedQuery extends Question {
  parsed: ParsedSearch;
  planned: Planned;
}
type Answer<T> = (question: PlannedQuery, fuzzy: boolean) => Promise<{ value: T; empty: boolean }>;

/**
 * Answers searches over any engine: what is not indexed yet is searched directly (rule 11), all of it where the index is
 * away (rule 9), and every hit is looked up through membership and read again before it is shown (rule 10). All in one
 * read-only snapshot of the store, so that index, checkpoints, memberships and messages belong together.
 */
export class Searcher {
  readonly #dictionary = new Dictionary();

  constructor(
    readonly db: Db,
    readonly index: SearchIndex,
    readonly scanTime: ScanTime = SCAN_TIME,
    readonly limits: BudgetLimits = SEARCH_LIMITS,
  ) {}

  page(viewer: Viewer, ask: AskPage): Promise<SearchPage> {
    const cursor = ask.cursor === null ? null : readCursor(ask.cursor);
    const fuzzy = cursor?.fuzzy ?? null;
    const moment = { ...ask, now: cursor?.now ?? ask.now };
    const answer: Answer<SearchPage> = async (question, fuzzy) => {
      const { parsed, planned, tail, client, plan, now, budget } = question;
      const isBest = parsed.query.sort === 'best';
      const months = ask.facets && cursor === null ? await monthsOf(ask.timeZone, now, budget) : null;
      const found = await (isBest ? best : newest)(question, cursor, ask.limit, months);
      const last = found.messages.at(-1);
      const end = found.end ?? (last ? keyOf(last) : null);
      const score = isBest && last ? scoreOf(last, plan, now) : null;
      const facets = found.counts && toFacets(found.counts);
      const people = await peopleIn(client, [
        ...new Set([...idsIn(found.messages), ...(facets?.people.map(({ userId }) => userId) ?? [])]),
      ]);
      const hits = await toHits(found.messages, plan, budget);
      const page: SearchPage = {
        hits,
        people: chosen(people, idsIn(found.messages)),
        next: found.more && end ? writeCursor({ key: end, score, now, fuzzy }) : null,
        query: parsed.query,
        problems: problemsOf(ask.text, parsed, planned.problems),
        forgiven: fuzzy,
        reach: reachOf(tail, now, {
          complete: found.complete,
          away: question.index === null,
          cut: budget.isCut,
        }),
        facets: facets && {
          ...facets,
          persons: chosen(people, new Set(facets.people.map(({ userId }) => userId))),
        },
      };
      return { value: page, empty: found.messages.length === 0 && found.end === null };
    };
    return this.#ask(viewer, moment, fuzzy, answer, ({ query, problems }) => ({
      hits: [],
      people: [],
      next: null,
      query,
      problems,
      forgiven: false,
      reach: { upTo: moment.now, behind: 0, complete: false, away: false, cut: true },
      facets: null,
    }));
  }

  facets(viewer: Viewer, ask: Ask): Promise<SearchFacets> {
    const answer: Answer<SearchFacets> = async (question) => {
      const { client, now, budget } = question;
      const facets = toFacets(await countAll(question, await monthsOf(ask.timeZone, now, budget)));
      const persons = await peopleIn(
        client,
        facets.people.map(({ userId }) => userId),
      );
      return { value: { ...facets, persons }, empty: facets.total.count === 0 };
    };
    return this.#ask(viewer, ask, null, answer, () => ({
      ...toFacets({ ...emptyCounts(), capped: true }),
      persons: [],
    }));
  }

  count(viewer: Viewer, ask: Ask): Promise<SearchCount> {
    const answer: Answer<SearchCount> = async (question) => {
      const { now, budget } = question;
      const { total, capped } = await countAll(question, await monthsOf(ask.timeZone, now, budget));
      return { value: { count: total, capped }, empty: total === 0 };
    };
    return this.#ask(viewer, ask, null, answer, () => ({ count: 0, capped: true }));
  }

  /**
   * Runs `answer` for the query. If nothing matches as typed, runs it again allowing typos. That similar words were
   * used is reported only if they found something, since a similar word may come from messages that the viewer cannot
   * see. With `fuzzy` a cursor says which of the two a page continues; a forged cursor reveals nothing either.
   * `nothing` is the answer where the budget ends before anything was looked at.
   */
  async #ask<T>(
    viewer: Viewer,
    { text, typing, timeZone, now, refine, budget = new Budget(this.limits) }: Ask,
    fuzzy: boolean | null,
    answer: Answer<T>,
    nothing: (parsed: ParsedSearch) => T,
  ): Promise<T> {
    const candidates = new NameCandidates();
    let parsed = parseSearch(text, { typing, names: candidates });
    const work = async (client: Queryable) => {
      const scope = await readScope(client, viewer, this.index.consumer);
      if (!candidates.isEmpty)
        parsed = parseSearch(text, { typing, names: await knownNames(client, scope, candidates) });
      const reach = { viewerId: viewer.userId, conversations: scope.conversations };
      const directory = storeDirectory(client, scope);
      const planned = await planOf(parsed.query, reach, directory, { now, timeZone }, () => budget.check());
      const { plan } = planned;
      refine?.(plan);
      const outdated = hasWords(plan) && !(await this.index.isCurrent(client));
      const tail = { ...(await readTail(client, scope, plan)), outdated };
      let index: SearchIndex | null = this.index;
      const run = async (of: Plan, fuzzy: boolean) => {
        const isHit = matcherOf(of);
        const fresh: Message[] = [];
        await budget.each(tail.messages, (message) => void (isHit(message) && fresh.push(message)));
        const question = {
          client,
          parsed,
          scope,
          planned,
          plan: of,
          tail,
          fresh,
          now,
          scanTime: this.scanTime,
          budget,
        };
        try {
          return await answer({ ...question, index }, fuzzy);
        } catch (error) {
          if (!(error instanceof IndexUnavailable)) throw error;
          index = null;
          return answer({ ...question, index }, fuzzy);
        }
      };
      const mayForgive = !plan.matchesNothing && plan.terms.length > 0;
      const exact = fuzzy === true && mayForgive ? null : await run(plan, false);
      if (exact && (!exact.empty || !mayForgive || fuzzy === false || budget.isOver)) return exact.value;
      await this.#dictionary.refresh(client, budget);
      const wide = await widen(plan, this.#dictionary, budget);
      if (exact && !wide) return exact.value;
      const fuzzyAnswer = await run(wide ?? plan, true);
      return exact && fuzzyAnswer.empty ? exact.value : fuzzyAnswer.value;
    };
    try {
      return await inSnapshot(this.db.pool, (client) => work(budget.of(client)), budget.limits);
    } catch (error) {
      if (!isOverBudget(error)) throw error;
      budget.cut();
      return nothing(parsed);
    }
  }
}

const hasWords = ({ terms, notTerms }: Plan): boolean => terms.length + notTerms.length > 0;
