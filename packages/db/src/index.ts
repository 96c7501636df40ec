export { type AccessListener, listenForAccess } from './access-listener.ts';
export * from './audit/index.ts';
export * from './budget.ts';
export { budgetedDb } from './budgeted-db.ts';
export * from './checkpoints.ts';
export * from './compact.ts';
export { browseChannels } from './conversations/browse.ts';
export { kindHas } from './conversations/kinds.ts';
export { isMember, membersPage, outsiders } from './conversations/members.ts';
export {
  type ConversationTx,
  createConversation,
  lockOwned,
  type NewConversation,
  withConversation,
} from './conversations/transaction.ts';
export { createDb, type Db, type DbOptions } from './db.ts';
export * from './direct-id.ts';
export * from './errors.ts';
export * from './history/exports.ts';
export * from './history/messages.ts';
export { DIGEST_LIMITS, stateDigest } from './inbox/digest.ts';
export * from './inbox/draft.ts';
export * from './inbox/fanout.ts';
export { openEntry } from './inbox/open-entry.ts';
export * from './inbox/personal.ts';
export { inboxAfter, inboxEntry } from './inbox/read.ts';
export * from './inbox/read-position.ts';
export * from './inbox/receipts.ts';
export * from './migrate.ts';
export * from './people/index.ts';
export * from './sockets.ts';
export type { Appended, Appender, AppenderOptions, AppendInput } from './timeline/append.ts';
export * from './timeline/at-time.ts';
export * from './timeline/change.ts';
export * from './timeline/history.ts';
export * from './timeline/read.ts';
export { HAS_TEXT, MESSAGE_COLUMNS, type MessageRow, TEXT_REV, toMessage } from './timeline/row.ts';
export { newestVersions } from './timeline/versions.ts';
export { inSnapshot, inTransaction, type Queryable } from './transaction.ts';
