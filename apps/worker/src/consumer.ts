import type { Settings } from '@lockstep/core/settings';
import type { ConsumerName, ConsumerStart, Db } from '@lockstep/db';
import type { SearchIndex } from '@lockstep/search';

/** Does its work from each conversation's checkpoint to the head, and moves the checkpoint (DESIGN.md, "Consumers"). */
export interface Consumer {
  /** Under it are the checkpoints: never change it. */
  name: ConsumerName;
  /** In the conversations that are there when it is switched on. New ones are always read from their beginning. */
  start: ConsumerStart;
  /** Between two batches at least, in ms. What costs much a batch and little a message is done in fewer under load. */
  spacingMs: number;
  /** Whether the queue gives further jobs only as fast as this consumer works. Not where it may be away (rule 9). */
  holdsQueue: boolean;
  /** At most 100 conversations. Run twice it does nothing the second time. */
  work(conversationIds: string[]): Promise<void>;
}

/** What the worker has for its consumers. */
export interface ConsumerParts {
  db: Db;
  index: SearchIndex;
  settings: Pick<Settings, 'FANOUT_THRESHOLD'>;
}
