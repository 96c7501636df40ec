import type { Settings } from '@lockstep/core/settings';
import type { ConsumerName, ConsumerStart, Db } from '@lockstep/db';
import type { SearchIndex } from '@lockstep/search';

/** Works from the checkpoint of each conversation to its head, then moves the checkpoint (docs/architecture.md, "Consumers"). */
export interface Consumer {
  /** The key of its checkpoints: never change it. */
  name: ConsumerName;
  /** Where it starts in conversations that exist when it is first run. New ones are always read from their beginning. */
  start: ConsumerStart;
  /** Least time between two batches, in ms. A consumer with a high cost per batch runs fewer, larger batches under load. */
  spacingMs: number;
  /** Whether the queue delivers jobs only as fast as this consumer works. False if the consumer's store may be down (rule 9). */
  holdsQueue: boolean;
  /** At most 100 conversations. Run twice it does nothing the second time. */
  work(conversationIds: string[]): Promise<void>;
}

/** What the worker has for its consumers. */
export interface ConsumerParts {
  db: Db;
  index: SearchIndex;
  settings: Pick<Settings, 'FANOUT_THRESHOLD'>;
  /** Told how many inbox entries a batch has written. */
  onEntries?: ((entries: number) => void) | undefined;
}
