import {
  type ConversationKind,
  type SearchConversation,
  type SearchPerson,
  type SearchProblemCode,
  type SearchQuery,
  traitsOf,
} from '@lockstep/protocol';
import { choose, choosePairs, emptyPlan, takeDate, takeText, takeTrait } from './clauses.ts';
import type { Choice, Pair, Plan } from './plan.ts';

/** What a name stands for. */
export interface Named {
  ids: string[];
  /** The name stands for more than that. */
  more: boolean;
}

/** Who searches, and what they may search (rule 10). */
interface Reach {
  viewerId: string;
  /** By id; null: every conversation. */
  conversations: ReadonlyMap<string, { kind: ConversationKind }> | null;
}

/** Where the names of a query are looked up: in the store, or in what a device holds. */
export interface Directory {
  people(who: Exclude<SearchPerson, { me: true }>): Awaitable<Named>;
  /** Among those that the viewer may see. */
  conversations(where: Exclude<SearchConversation, { person: SearchPerson }>): Awaitable<Named>;
  /** The direct conversations of the viewer with these people. */
  directsWith(userIds: string[]): string[];
  /** What was written to these people in direct conversations of the viewer, and in notes to oneself. */
  pairsTo(userIds: string[]): Awaitable<Pair[]>;
  /** By conversation: up to which `seq` the viewer has read. */
  readPositions(): Awaitable<Map<string, number>>;
}

type Awaitable<T> = T | Promise<T>;

export interface Moment {
  /** In ms since 1970. */
  now: number;
  timeZone: string;
}

export interface Planned {
  plan: Plan;
  /** By the number of the clause. */
  problems: { clause: number; code: SearchProblemCode }[];
}

/**
 * Turns names into ids and dates into times, as the viewer sees them: the same on the server and on a device. Unknown
 * names are reported and find nothing; an empty query finds nothing. `check` is called before each clause, and may
 * throw.
 */
export const planOf = async (
  { clauses }: SearchQuery,
  { viewerId, conversations: reachable }: Reach,
  directory: Directory,
  { now, timeZone }: Moment,
  check: () => void = () => {},
): Promise<Planned> => {
  const plan = emptyPlan(viewerId, reachable && [...reachable.keys()]);
  const problems: Planned['problems'] = [];
  const asked = { conversations: new Set<string>(), any: false };

  const people = async (who: SearchPerson, clause: number): Promise<string[]> => {
    if ('me' in who) return [viewerId];
    const { ids, more } = await directory.people(who);
    if (ids.length === 0) problems.push({ clause, code: 'unknown_person' });
    if (more) problems.push({ clause, code: 'too_many' });
    return ids;
  };
  const conversations = async (where: SearchConversation, clause: number): Promise<string[]> => {
    const { ids: found, more } =
      'person' in where
        ? { ids: directory.directsWith(await people(where.person, clause)), more: false }
        : await directory.conversations(where);
    if (more) problems.push({ clause, code: 'too_many' });
    if (found.length === 0 && !problems.some((problem) => problem.clause === clause))
      problems.push({ clause, code: 'unknown_conversation' });
    return found;
  };

  for (const [index, clause] of clauses.entries()) {
    check();
    switch (clause.kind) {
      case 'word':
      case 'phrase':
        if (!takeText(plan, clause)) problems.push({ clause: index, code: 'too_long' });
        break;
      case 'from':
        choose(plan.senders, await people(clause.who, index), clause.not);
        break;
      case 'mentions':
        choose(plan.mentions, await people(clause.who, index), clause.not);
        break;
      case 'to':
        choosePairs(plan, await directory.pairsTo(await people(clause.who, index)), clause.not);
        break;
      case 'in': {
        const ids = await conversations(clause.where, index);
        if (clause.not) choose(plan.conversations, ids, true);
        else {
          asked.any = true;
          for (const id of ids) asked.conversations.add(id);
        }
        break;
      }
      case 'date':
        takeDate(plan, clause, now, timeZone);
        break;
      case 'has':
        if (!takeTrait(plan, clause) && !clause.not) problems.push({ clause: index, code: 'not_yet' });
        break;
      case 'is':
        if (clause.what === 'direct') keepDirect(plan, reachable, !clause.not);
        else {
          if (plan.unread !== null && plan.unread === clause.not) plan.matchesNothing = true;
          plan.unread = !clause.not;
        }
    }
  }
  if (asked.any) within(plan.conversations, [...asked.conversations]);
  if (plan.unread !== null) {
    plan.reads = await directory.readPositions();
    within(plan.conversations, [...plan.reads.keys()]);
  }
  // Leaving out invalid parts must not turn a query into one for everything.
  if (clauses.length === 0 || plan.range.from >= plan.range.to || nothing(plan)) plan.matchesNothing = true;
  return { plan, problems };
};

const nothing = ({ conversations, senders, mentions, pairs }: Plan): boolean =>
  [conversations.some, senders.some, mentions.some, pairs].some((list) => list?.length === 0);

const within = (choice: Choice, ids: string[]): void => {
  const allowed = choice.some === null ? null : new Set(choice.some);
  choice.some = allowed === null ? ids : ids.filter((id) => allowed.has(id));
};

const keepDirect = (plan: Plan, reachable: Reach['conversations'], direct: boolean): void => {
  // For everything, the directs are not listed: the statement looks at the kind.
  if (reachable === null) {
    if (plan.direct !== null && plan.direct !== direct) plan.matchesNothing = true;
    plan.direct = direct;
    return;
  }
  within(
    plan.conversations,
    [...reachable].filter(([, { kind }]) => traitsOf(kind).hasPeer === direct).map(([id]) => id),
  );
};
