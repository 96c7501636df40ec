import type { Consumer, ConsumerParts } from '../consumer.ts';

/** What is not indexed yet is found all the same (rule 11), so batches may be half a second apart. */
export const searchIndexConsumer = ({ index }: Pick<ConsumerParts, 'index'>): Consumer => ({
  name: index.consumer,
  start: 'beginning',
  spacingMs: 500,
  holdsQueue: false,
  work: (conversationIds) => index.apply(conversationIds),
});
