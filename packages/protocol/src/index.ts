export type * from './admin.ts';
export * from './closed-lists.ts';
export * as commands from './commands.ts';
export type * from './content.ts';
export type {
  Ack,
  ChangesEvent,
  ClientToServerEvents,
  EndedEvent,
  InboxEvent,
  PeopleEvent,
  PresenceState,
  ReadyEvent,
  ReceiptEvent,
  ServerToClientEvents,
  TypingEvent,
} from './contract/events.ts';
export type * from './conversation.ts';
export type * from './device.ts';
export * from './digest.ts';
export * from './edit-distance.ts';
export { isLocalEmail } from './email.ts';
export * from './errors.ts';
export { eachFolded, fold, foldName, isAscii } from './fold.ts';
export * from './health.ts';
export * from './ids.ts';
export type * from './inbox.ts';
export * from './length.ts';
export * from './limits.ts';
export * from './mention.ts';
export type * from './message.ts';
export * from './named.ts';
export * from './names.ts';
export type * from './person.ts';
export * from './rules/can.ts';
export * from './rules/inbox.ts';
export * from './rules/kinds.ts';
export * from './rules/message.ts';
export type * from './saved-search.ts';
export type * from './search.ts';
export { canonicalDate, isTimeZone, rangeOfDate, type TimeRange } from './search-dates.ts';
export * from './search-format.ts';
export * from './search-parse.ts';
export * from './search-query.ts';
export type * from './search-schema.ts';
export type * from './state-digest.ts';
export * from './text.ts';
export * from './visible.ts';
export * from './wire.ts';
export type * from './workspace.ts';
