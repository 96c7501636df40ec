export { QUEUE_NAME, type QueueConnection } from './backend.ts';
export { consumeMoved, type MovedConsumer } from './consumer.ts';
export { createWakeups, JOB_CONVERSATIONS, type MovedJob, type Wakeups } from './wakeups.ts';
