import { type Budget, directId, kindHas, type Queryable } from '@lockstep/db';
import {
  type SearchPerson,
  type SearchPlace,
  type SearchProblemCode,
  type SearchQuery,
  traitsOf,
} from '@lockstep/protocol';
import { choose, choosePairs, emptyPlan, takeDate, takeText, takeTrait } from './clauses.ts';
import { findConversations, findPeople, readPositions } from './names.ts';
import type { Choice, Pair, Plan } from './plan.ts';
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

/** Turns names into ids and dates into times, as the viewer sees them. Unknown names are told and find nothing. */
export const resolve = async (
  client: Queryable,
  scope: Scope,
  { clauses }: SearchQuery,
  { now, timeZone }: Moment,
  budget: Budget,
): Promise<Resolved> => {
  const reachable = scope.conversations && [...scope.conversations.keys()];
  const plan = emptyPlan(scope.viewer.userId, reachable);
  const problems: Resolved['problems'] = [];
  const asked = { conversations: new Set<string>(), any: false };

  const people = async (who: SearchPerson, clause: number): Promise<string[]> => {
    if ('me' in who) return [scope.viewer.userId];
    const { ids, more } = await findPeople(client, who);
    if (ids.length === 0) problems.push({ clause, code: 'unknown_person' });
    if (more) problems.push({ clause, code: 'too_many' });
    return ids;
  };
  const conversations = async (where: SearchPlace, clause: number): Promise<string[]> => {
    const { ids: found, more } =
      'person' in where
        ? { ids: directsWith(scope, await people(where.person, clause)), more: false }
        : await findConversations(client, scope, where);
    if (more) problems.push({ clause, code: 'too_many' });
    if (found.length === 0 && !problems.some((problem) => problem.clause === clause))
      problems.push({ clause, code: 'unknown_conversation' });
    return found;
  };

  for (const [index, clause] of clauses.entries()) {
    budget.check();
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
        choosePairs(plan, await pairsTo(client, scope, await people(clause.who, index)), clause.not);
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

const nothing = ({ conversations, senders, mentions, pairs }: Plan): boolean =>
  [conversations.some, senders.some, mentions.some, pairs].some((list) => list?.length === 0);

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
  const ids = [...conversations.values()].filter((one) => traitsOf(one.kind).hasPeer === direct);
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
     from active_member v join conversation c on c.id = v.conversation_id and ${kindHas('c.kind', 'hasPeer')}
     join member m on m.conversation_id = c.id and m.user_id = any($2::uuid[])
     left join member s on s.conversation_id = c.id and s.user_id <> m.user_id
     where v.user_id = $1`,
    [viewer.userId, userIds],
  );
  return rows.map((row) => ({ conversationId: row.conversation_id, senderId: row.sender_id }));
};
