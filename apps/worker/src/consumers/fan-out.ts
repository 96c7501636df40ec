import { fanOut } from '@lockstep/db';
import type { Consumer, ConsumerParts } from '../consumer.ts';

/** The inbox entries of the members. */
export const fanOutConsumer = ({
  db,
  settings: { FANOUT_THRESHOLD: threshold },
  onEntries,
}: Pick<ConsumerParts, 'db' | 'settings' | 'onEntries'>): Consumer => ({
  name: 'fanout',
  start: 'beginning',
  spacingMs: 0,
  holdsQueue: true,
  work: async (conversationIds) => {
    const { entries } = await fanOut(db, conversationIds, { threshold });
    onEntries?.(entries);
  },
});
