import { peopleCalled, type SearchQuery, titlesCalled, traitsOf } from '@lockstep/protocol';
import {
  choose,
  choosePairs,
  emptyPlan,
  type Plan,
  takeDate,
  takeText,
  takeTrait,
} from '@lockstep/search/device';
import type { SyncState } from '../sync/index.ts';
import { timeZone } from '../time-zone.ts';

/** What a query means here: names as far as this device knows them, conversations that one is in (rule 10). */
export const localPlan = (query: SearchQuery, state: SyncState, now: number): Plan => {
  const meId = state.me.userId;
  let conversations = [...state.inbox.values()];
  const plan: Plan = {
    ...emptyPlan(meId, null),
    reads: new Map(conversations.map((entry) => [entry.conversation.id, entry.readSeq])),
    never: query.clauses.length === 0,
  };
  const people = (who: { me: true } | { id: string } | { name: string }): string[] => {
    if ('me' in who) return [meId];
    if ('id' in who) return [who.id];
    return peopleCalled(state.people.values(), who.name).map(({ id }) => id);
  };
  const directsWith = (ids: string[]) =>
    [...state.inbox.values()].filter((entry) => entry.peerId !== null && ids.includes(entry.peerId));
  const wanted = new Set<string>();
  let places = false;
  for (const clause of query.clauses) {
    switch (clause.kind) {
      case 'word':
      case 'phrase':
        takeText(plan, clause);
        break;
      case 'from':
        choose(plan.senders, people(clause.who), clause.not);
        break;
      case 'mentions':
        choose(plan.mentions, people(clause.who), clause.not);
        break;
      case 'to': {
        const ids = people(clause.who);
        const pairs = [...state.inbox.values()].flatMap((entry) => {
          const { id } = entry.conversation;
          if (entry.peerId === null) return [];
          if (ids.includes(meId)) return [{ conversationId: id, senderId: entry.peerId }];
          return ids.includes(entry.peerId) ? [{ conversationId: id, senderId: meId }] : [];
        });
        choosePairs(plan, pairs, clause.not);
        break;
      }
      case 'in': {
        const { where } = clause;
        const found =
          'person' in where
            ? directsWith(people(where.person))
            : 'id' in where
              ? [...state.inbox.values()].filter(({ conversation }) => conversation.id === where.id)
              : titlesCalled(
                  state.inbox.values(),
                  where.title,
                  ({ conversation }) => conversation.title ?? '',
                );
        const ids = found.map(({ conversation }) => conversation.id);
        if (clause.not) choose(plan.conversations, ids, true);
        else {
          places = true;
          for (const id of ids) wanted.add(id);
        }
        break;
      }
      case 'date':
        takeDate(plan, clause, now, timeZone());
        break;
      case 'has':
        takeTrait(plan, clause);
        break;
      case 'is':
        if (clause.what === 'unread') plan.unread = !clause.not;
        else
          conversations = conversations.filter(
            ({ conversation }) => traitsOf(conversation.kind).hasPeer === !clause.not,
          );
    }
  }
  const ids = conversations.map(({ conversation }) => conversation.id);
  plan.conversations.some = places ? ids.filter((id) => wanted.has(id)) : ids;
  return plan;
};
