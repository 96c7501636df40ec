import type { Consumer, ConsumerParts } from '../consumer.ts';
import { fanOutConsumer } from './fan-out.ts';
import { searchIndexConsumer } from './search-index.ts';

/** The registry: every consumer of the conversation timelines is a file of this folder and a line here. */
export const CONSUMERS: readonly ((parts: ConsumerParts) => Consumer)[] = [
  fanOutConsumer,
  searchIndexConsumer,
];
