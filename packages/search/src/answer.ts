import type { Budget } from '@lockstep/db';
import {
  type Message,
  mentionsIn,
  type ParsedSearch,
  type Person,
  SEARCH_FACETS,
  type SearchFacets,
  type SearchHit,
  type SearchProblem,
  type SearchReach,
} from '@lockstep/protocol';
import type { Counts } from './port.ts';
import type { Plan } from './query/plan.ts';
import type { Planned } from './query/planner.ts';
import type { Tail } from './query/tail.ts';
import { marksOf } from './text/index.ts';

// Builds the answer of a search.

/** Where the budget ends, the rest comes without marks. */
export const toHits = async (messages: Message[], plan: Plan, budget: Budget): Promise<SearchHit[]> => {
  const hits: SearchHit[] = messages.map((message) => ({ message, marks: [] }));
  await budget.each(hits, (hit) => {
    hit.marks = marksOf(hit.message.body ?? '', plan.terms);
  });
  return hits;
};

export const toFacets = ({
  total,
  capped,
  people,
  conversations,
  months,
}: Counts): Omit<SearchFacets, 'persons'> => {
  const most = (counts: Map<string, number>) =>
    [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, SEARCH_FACETS);
  return {
    total: { count: total, capped },
    people: most(people).map(([userId, count]) => ({ userId, count })),
    conversations: most(conversations).map(([conversationId, count]) => ({ conversationId, count })),
    months: [...months].sort().map(([month, count]) => ({ month, count })),
  };
};

/** Who wrote these messages, and whom they mention. */
export const idsIn = (messages: Message[]): Set<string> =>
  new Set(messages.flatMap(({ senderId, body }) => [senderId, ...mentionsIn(body)]));

export const chosen = (people: Person[], ids: Set<string>): Person[] =>
  people.filter(({ id }) => ids.has(id));

export const problemsOf = (
  text: string,
  { problems, spans }: ParsedSearch,
  resolved: Planned['problems'],
): SearchProblem[] => [
  ...problems,
  ...resolved.map(({ clause, code }) => {
    const [from, to] = spans[clause] ?? [0, 0];
    return { code, from, to, text: text.slice(from, to), suggestion: null };
  }),
];

export const reachOf = (
  { since, behind }: Tail,
  now: number,
  { complete, away, cut }: Pick<SearchReach, 'complete' | 'away' | 'cut'>,
): SearchReach => ({ upTo: since ?? now, behind, complete: complete && !cut, away, cut });
