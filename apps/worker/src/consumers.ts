import { type Consumer as ConsumerName, type Db, fanOut } from '@lockstep/db';
import type { SearchIndex } from '@lockstep/search';

/** Does its work from each conversation's checkpoint to the head, and moves the checkpoint (DESIGN.md, "Consumers"). */
export interface Consumer {
  name: ConsumerName;
  /** At most 100 conversations. Run twice it does nothing the second time. */
  work(conversationIds: string[]): Promise<void>;
}

export const fanOutConsumer = (db: Db, threshold: number): Consumer => ({
  name: 'fanout',
  work: async (conversationIds) => {
    await fanOut(db, conversationIds, { threshold });
  },
});

export const indexConsumer = (index: SearchIndex): Consumer => ({
  name: index.consumer,
  work: (conversationIds) => index.apply(conversationIds),
});
