import { directId, type Queryable } from '@lockstep/db';
import {
  rangeOfDate,
  type SearchClause,
  type SearchPerson,
  type SearchPlace,
  type SearchProblemCode,
  type SearchQuery,
} from '@lockstep/protocol';
import { type Term, type Trait, termOf } from '../text/index.ts';
import { findConversations, findPeople, readPositions } from './names.ts';
import { ALWAYS, type Choice, type Pair, type Plan } from './plan.ts';
import type { Scope } from './scope.ts';

export interface Resolved {
  plan: Plan;
  /** By the number of the clause. */
  problems: { clause: number; code: SearchProblemCode }[];
}

export interface Moment {
  /** In ms since 1970. */
  now: number;
  timeZone: string;
}

const TRAITS: readonly string[] = ['link', 'code', 'mention', 'edit'] satisfies Trait[];

/** Turns names into ids and dates into times, as the viewer sees them. Unknown names are told and find nothing. */
export const resolve = async (
  client: Queryable,
  scope: Scope,
  { clauses }: SearchQuery,
  { now, timeZone }: Moment,
): Promise<Resolved> => {
  const plan = emptyPlan(scope);
  const problems: Resolved['problems'] = [];
  const asked = { conversations: new Set<string>(), any: false };

  const people = async (who: SearchPerson, clause: number): Promise<string[]> => {
    if ('me' in who) return [scope.viewer.userId];
    const ids = await findPeople(client, who);
    if (ids.length === 0) problems.push({ clause, code: 'unknown_person' });
    return ids;
  };
  const conversations = async (where: SearchPlace, clause: number): Promise<string[]> => {
    const found =
      'person' in where
        ? directsWith(scope, await people(where.person, clause))
        : await findConversations(client, scope, where);
    if (found.length === 0 && !problems.some((problem) => problem.clause === clause))
      problems.push({ clause, code: 'unknown_conversation' });
    return found;
  };

  for (const [index, clause] of clauses.entries()) {
    switch (clause.kind) {
      case 'word':
      case 'phrase': {
        const term = termOfClause(clause);
        if (term) (clause.not ? plan.notTerms : plan.terms).push(term);
        break;
      }
      case 'from':
        choose(plan.senders, await people(clause.who, index), clause.not);
        break;
      case 'mentions':
        choose(plan.mentions, await people(clause.who, index), clause.not);
        break;
      case 'to': {
        const pairs = await pairsTo(client, scope, await people(clause.who, index));
        if (clause.not) plan.notPairs.push(...pairs);
        else plan.pairs = [...(plan.pairs ?? []), ...pairs];
        break;
      }
      case 'in': {
        const ids = await conversations(clause.where, index);
        if (clause.not) plan.conversations.none.push(...ids);
        else {
          asked.any = true;
          for (const id of ids) asked.conversations.add(id);
        }
        break;
      }
      case 'date': {
        const span = rangeOfDate(clause.when, now, timeZone);
        const range =
          clause.op === 'before'
            ? { from: ALWAYS.from, to: span.from }
            : clause.op === 'after'
              ? { from: span.to, to: ALWAYS.to }
              : span;
        if (clause.not) plan.notRanges.push(range);
        else {
          plan.range.from = Math.max(plan.range.from, range.from);
          plan.range.to = Math.min(plan.range.to, range.to);
        }
        break;
      }
      case 'has':
        if (TRAITS.includes(clause.what))
          (clause.not ? plan.notTraits : plan.traits).push(clause.what as Trait);
        else if (!clause.not) {
          problems.push({ clause: index, code: 'not_yet' });
          plan.never = true;
        }
        break;
      case 'is':
        if (clause.what === 'direct') keepDirect(plan, scope, !clause.not);
        else {
          if (plan.unread !== null && plan.unread === clause.not) plan.never = true;
          plan.unread = !clause.not;
        }
    }
  }
  if (asked.any) within(plan.conversations, [...asked.conversations]);
  if (plan.unread !== null) {
    plan.reads = await readPositions(client, scope.viewer.userId);
    within(plan.conversations, [...plan.reads.keys()]);
  }
  if (plan.range.from >= plan.range.to || nothing(plan)) plan.never = true;
  return { plan, problems };
};

const termOfClause = (clause: SearchClause): Term | null => {
  if (clause.kind === 'word') return termOf(clause.text, { prefix: clause.prefix });
  return clause.kind === 'phrase' ? termOf(clause.text, { phrase: true }) : null;
};

const emptyPlan = (scope: Scope): Plan => ({
  terms: [],
  notTerms: [],
  senders: { some: null, none: [] },
  conversations: { some: scope.conversations ? [...scope.conversations.keys()] : null, none: [] },
  mentions: { some: null, none: [] },
  pairs: null,
  notPairs: [],
  range: { ...ALWAYS },
  notRanges: [],
  traits: [],
  notTraits: [],
  unread: null,
  reads: new Map(),
  viewerId: scope.viewer.userId,
  direct: null,
  never: false,
});

const nothing = ({ conversations, senders, mentions, pairs }: Plan): boolean =>
  [conversations.some, senders.some, mentions.some, pairs].some((list) => list?.length === 0);

/** Several of one kind are alternatives. */
const choose = (choice: Choice, ids: string[], not: boolean): void => {
  if (not) choice.none.push(...ids);
  else choice.some = [...(choice.some ?? []), ...ids];
};

const within = (choice: Choice, ids: string[]): void => {
  const allowed = choice.some === null ? null : new Set(choice.some);
  choice.some = allowed === null ? ids : ids.filter((id) => allowed.has(id));
};

const directsWith = (scope: Scope, userIds: string[]): string[] => {
  const { viewer, conversations } = scope;
  const ids = userIds.map((userId) => directId(viewer.userId, userId));
  return conversations === null ? ids : ids.filter((id) => conversations.has(id));
};

const keepDirect = (plan: Plan, { conversations }: Scope, direct: boolean): void => {
  // For everything, the directs are not listed: the statement looks at the kind.
  if (conversations === null) {
    if (plan.direct !== null && plan.direct !== direct) plan.never = true;
    plan.direct = direct;
    return;
  }
  const ids = [...conversations.values()].filter((one) => (one.kind === 'direct') === direct);
  within(
    plan.conversations,
    ids.map((one) => one.id),
  );
};

/** `to:` is about direct conversations of the viewer: what the other one wrote there, and notes to oneself. */
const pairsTo = async (client: Queryable, { viewer }: Scope, userIds: string[]): Promise<Pair[]> => {
  if (userIds.length === 0) return [];
  const { rows } = await client.query<{ conversation_id: string; sender_id: string }>(
    `select m.conversation_id, coalesce(s.user_id, m.user_id) as sender_id
     from member v join conversation c on c.id = v.conversation_id and c.kind = 'direct'
     join member m on m.conversation_id = c.id and m.user_id = any($2::uuid[])
     left join member s on s.conversation_id = c.id and s.user_id <> m.user_id
     where v.user_id = $1 and v.left_rev is null`,
    [viewer.userId, userIds],
  );
  return rows.map((row) => ({ conversationId: row.conversation_id, senderId: row.sender_id }));
};
