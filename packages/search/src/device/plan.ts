import { peopleCalled, type SearchQuery, titlesCalled } from '@lockstep/protocol';
import type { Plan } from '../query/plan.ts';
import { type Directory, type Moment, planOf } from '../query/planner.ts';
import type { DeviceState } from './state.ts';

type Known = Pick<DeviceState, 'me' | 'inbox' | 'people'>;

/** What a query means here: names as far as this device knows them, conversations that one is in (rule 10). */
export const devicePlan = async (query: SearchQuery, state: Known, moment: Moment): Promise<Plan> => {
  const conversations = new Map([...state.inbox].map(([id, { conversation }]) => [id, conversation]));
  const reach = { viewerId: state.me.userId, conversations };
  return (await planOf(query, reach, directoryOf(state), moment)).plan;
};

const directoryOf = ({ me, inbox, people }: Known): Directory => {
  const entries = () => [...inbox.values()];
  const all = (ids: string[]) => ({ ids, more: false });
  return {
    people: (who) =>
      all('id' in who ? [who.id] : peopleCalled(people.values(), who.name).map(({ id }) => id)),
    conversations: (where) => {
      if ('id' in where) return all(inbox.has(where.id) ? [where.id] : []);
      const titleOf = ({ conversation }: { conversation: { title: string | null } }) =>
        conversation.title ?? '';
      return all(titlesCalled(entries(), where.title, titleOf).map(({ conversation }) => conversation.id));
    },
    directsWith: (userIds) =>
      entries()
        .filter(({ peerId }) => peerId !== null && userIds.includes(peerId))
        .map(({ conversation }) => conversation.id),
    pairsTo: (userIds) =>
      entries().flatMap(({ peerId, conversation: { id } }) => {
        if (peerId === null) return [];
        if (userIds.includes(me.userId)) return [{ conversationId: id, senderId: peerId }];
        return userIds.includes(peerId) ? [{ conversationId: id, senderId: me.userId }] : [];
      }),
    readPositions: () => new Map(entries().map(({ conversation, readSeq }) => [conversation.id, readSeq])),
  };
};
