export { QUEUE_NAME, type QueueConnection } from './backend.ts';
export { consumeConversations, type QueueConsumer } from './consumer.ts';
export { type ConversationsJob, createWakeups, JOB_CONVERSATIONS, type Wakeups } from './wakeups.ts';
