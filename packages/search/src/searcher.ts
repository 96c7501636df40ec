import { type Db, inSnapshot, peopleIn } from '@lockstep/db';
import {
  type ParsedSearch,
  parseSearch,
  type SearchCount,
  type SearchFacets,
  type SearchPage,
} from '@lockstep/protocol';
import { chosen, idsIn, problemsOf, reachOf, toFacets, toHit } from './answer.ts';
import { IndexAway, type SearchIndex } from './port.ts';
import { Dictionary, widen } from './query/dictionary.ts';
import { fits } from './query/fits.ts';
import { best, countAll, newest, type Question, SCAN_TIME, type ScanTime } from './query/hits.ts';
import { monthsOf } from './query/months.ts';
import { keyOf, readCursor, writeCursor } from './query/order.ts';
import type { Plan } from './query/plan.ts';
import { type Resolved, resolve } from './query/resolve.ts';
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
}

export interface AskPage extends Ask {
  cursor: string | null;
  limit: number;
  facets: boolean;
}

/** A question, and how it was understood. */
interface Asked extends Question {
  parsed: ParsedSearch;
  resolved: Resolved;
}

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
  ) {}

  page(viewer: Viewer, ask: AskPage): Promise<SearchPage> {
    const cursor = ask.cursor === null ? null : readCursor(ask.cursor);
    const forgive = cursor?.forgiven ?? null;
    const moment = { ...ask, now: cursor?.now ?? ask.now };
    return this.#ask(viewer, moment, forgive, async (question, forgiven) => {
      const { parsed, resolved, tail, client, plan, now } = question;
      const isBest = parsed.query.sort === 'best';
      const months = ask.facets && cursor === null ? monthsOf(ask.timeZone, now) : null;
      const found = await (isBest ? best : newest)(question, cursor, ask.limit, months);
      const last = found.messages.at(-1);
      const score = isBest && last ? scoreOf(last, plan, now) : null;
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
        reach: reachOf(tail, now, { complete: found.complete, away: question.index === null }),
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
      const facets = toFacets(await countAll(question, monthsOf(ask.timeZone, question.now)));
      const persons = await peopleIn(
        question.client,
        facets.people.map(({ userId }) => userId),
      );
      return { value: { ...facets, persons }, empty: facets.total.count === 0 };
    });
  }

  count(viewer: Viewer, ask: Ask): Promise<SearchCount> {
    return this.#ask(viewer, ask, null, async (question) => {
      const { total, capped } = await countAll(question, monthsOf(ask.timeZone, question.now));
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
    { text, typing, timeZone, now, refine }: Ask,
    forgive: boolean | null,
    answer: (question: Asked, forgiven: boolean) => Promise<{ value: T; empty: boolean }>,
  ): Promise<T> {
    const parsed = parseSearch(text, { typing });
    return inSnapshot(this.db.pool, async (client) => {
      const scope = await readScope(client, viewer, this.index.consumer);
      const resolved = await resolve(client, scope, parsed.query, { now, timeZone });
      const { plan } = resolved;
      // What was left out of a query must not turn it into one for everything.
      if (parsed.query.clauses.length === 0) plan.never = true;
      refine?.(plan);
      const tail = await readTail(client, scope, plan);
      let index: SearchIndex | null = this.index;
      const run = async (of: Plan, forgiven: boolean) => {
        const fresh = tail.messages.filter((message) => fits(message, of));
        const question = {
          client,
          parsed,
          scope,
          resolved,
          plan: of,
          tail,
          fresh,
          now,
          scanTime: this.scanTime,
        };
        try {
          return await answer({ ...question, index }, forgiven);
        } catch (error) {
          if (!(error instanceof IndexAway)) throw error;
          index = null;
          return answer({ ...question, index }, forgiven);
        }
      };
      const mayForgive = !plan.never && plan.terms.length > 0;
      const exact = forgive === true && mayForgive ? null : await run(plan, false);
      if (exact && (!exact.empty || !mayForgive || forgive === false)) return exact.value;
      await this.#dictionary.refresh(client);
      const wide = widen(plan, this.#dictionary);
      if (exact && !wide) return exact.value;
      const forgiving = await run(wide ?? plan, true);
      return exact && forgiving.empty ? exact.value : forgiving.value;
    });
  }
}
