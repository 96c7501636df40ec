import { rangeOfDate, type SearchQuery } from '@lockstep/protocol';
import { ALWAYS, type Plan, type Trait, termOf } from '@lockstep/search/device';
import { fold } from '../fold.ts';
import type { SyncState } from '../sync/index.ts';

/** What a query means here: names as far as this device knows them, conversations that one is in (rule 10). */
export const localPlan = (query: SearchQuery, state: SyncState, now: number): Plan => {
  const meId = state.me.userId;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  let conversations = [...state.inbox.values()];
  const plan: Plan = {
    ...{ terms: [], notTerms: [], senders: { some: null, none: [] }, mentions: { some: null, none: [] } },
    ...{ conversations: { some: null, none: [] }, pairs: null, notPairs: [], range: { ...ALWAYS } },
    ...{ notRanges: [], traits: [], notTraits: [], unread: null, viewerId: meId, direct: null },
    reads: new Map(conversations.map((entry) => [entry.conversation.id, entry.readSeq])),
    never: query.clauses.length === 0,
  };
  const people = (who: { me: true } | { id: string } | { name: string }): string[] => {
    if ('me' in who) return [meId];
    if ('id' in who) return [who.id];
    const name = fold(who.name);
    return [...state.people.values()].filter((one) => fold(one.name).startsWith(name)).map(({ id }) => id);
  };
  const directsWith = (ids: string[]) =>
    [...state.inbox.values()].filter((entry) => entry.peerId !== null && ids.includes(entry.peerId));
  const wanted = new Set<string>();
  let places = false;
  for (const clause of query.clauses) {
    switch (clause.kind) {
      case 'word':
      case 'phrase': {
        const term = termOf(
          clause.text,
          clause.kind === 'phrase' ? { phrase: true } : { prefix: clause.prefix },
        );
        if (term) (clause.not ? plan.notTerms : plan.terms).push(term);
        break;
      }
      case 'from':
      case 'mentions': {
        const choice = clause.kind === 'from' ? plan.senders : plan.mentions;
        if (clause.not) choice.none.push(...people(clause.who));
        else choice.some = [...(choice.some ?? []), ...people(clause.who)];
        break;
      }
      case 'to': {
        const ids = people(clause.who);
        const pairs = [...state.inbox.values()].flatMap((entry) => {
          const { id } = entry.conversation;
          if (entry.peerId === null) return [];
          if (ids.includes(meId)) return [{ conversationId: id, senderId: entry.peerId }];
          return ids.includes(entry.peerId) ? [{ conversationId: id, senderId: meId }] : [];
        });
        if (clause.not) plan.notPairs.push(...pairs);
        else plan.pairs = [...(plan.pairs ?? []), ...pairs];
        break;
      }
      case 'in': {
        const { where } = clause;
        const found =
          'person' in where
            ? directsWith(people(where.person))
            : [...state.inbox.values()].filter(({ conversation }) =>
                'id' in where
                  ? conversation.id === where.id
                  : fold(conversation.title ?? '').includes(fold(where.title)),
              );
        const ids = found.map(({ conversation }) => conversation.id);
        if (clause.not) plan.conversations.none.push(...ids);
        else {
          places = true;
          for (const id of ids) wanted.add(id);
        }
        break;
      }
      case 'date': {
        const span = rangeOfDate(clause.when, now, zone);
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
        if (['link', 'code', 'mention', 'edit'].includes(clause.what))
          (clause.not ? plan.notTraits : plan.traits).push(clause.what as Trait);
        else if (!clause.not) plan.never = true;
        break;
      case 'is':
        if (clause.what === 'unread') plan.unread = !clause.not;
        else
          conversations = conversations.filter(
            ({ conversation }) => (conversation.kind === 'direct') === !clause.not,
          );
    }
  }
  const ids = conversations.map(({ conversation }) => conversation.id);
  plan.conversations.some = places ? ids.filter((id) => wanted.has(id)) : ids;
  return plan;
};
