import { z } from 'zod';
import { AUDIT_ACTIONS, EXPORT_STATUSES, HISTORY_STATES } from './closed-lists.ts';
import { conversation } from './conversation.ts';
import { id, millis } from './ids.ts';
import { message } from './message.ts';
import { person } from './person.ts';
import { marks, searchFacets, searchHit, searchReach } from './search.ts';
import { searchProblem, searchQuery } from './search-schema.ts';
import { earlierTexts } from './workspace.ts';

// Message history for admins of the workspace: every access has a reason and is in the audit log before its answer is
// given.

const count = z.int().min(0);
export const auditAction = z.enum(AUDIT_ACTIONS);

export const auditEntry = z.strictObject({
  /** 1..n without a gap. */
  n: z.int().min(1),
  at: millis,
  actorId: z.string(),
  /** The name at that time. */
  actorName: z.string(),
  sessionId: z.string(),
  address: z.string().nullable(),
  /** Browser and system. */
  device: z.string().nullable(),
  action: auditAction,
  reason: z.string(),
  /** JSON; times in ms. */
  asked: z.record(z.string(), z.unknown()),
  /** How many messages or lines were answered. */
  answered: count,
  conversationIds: z.array(z.string()),
  /** Hash of the row before; zeros for the first. */
  previous: z.string(),
  /** Hex hash over the canonical JSON of the other fields: SHA-256, from version 2 on HMAC-SHA256. */
  hash: z.string(),
  /** How its hash was made; left out in version 1. */
  version: z.int().optional(),
  /** Names the key of the HMAC, which the database does not have; left out in version 1. */
  key: z.string().nullable().optional(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** The end of the chain: a copy kept outside proves later that nothing before it was changed. */
export const auditHead = z.strictObject({ n: count, hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditHead = z.infer<typeof auditHead>;

export const auditFault = z.strictObject({
  /** Number of the row. */
  n: z.int(),
  kind: z.enum(['changed', 'removed', 'inserted']),
});
export type AuditFault = z.infer<typeof auditFault>;

export const auditReport = z.strictObject({
  rows: count,
  head: auditHead,
  /** In order; at most 100. */
  faults: z.array(auditFault),
  /** Whether a head that was kept outside is still part of the chain; null when none was given. */
  kept: z.boolean().nullable(),
  /** Rows hashed with a key that this server does not have: only their order can be checked. */
  otherKey: count,
  /**
   * Heads that this server has kept outside the database, and the numbers of those that are not in the chain (at most
   * 100).
   */
  witnesses: z.strictObject({ heads: count, lost: z.array(z.int()) }),
});
export type AuditReport = z.infer<typeof auditReport>;

export const auditPage = z.strictObject({
  /** Newest first. */
  entries: z.array(auditEntry),
  head: auditHead,
  hasMore: z.boolean(),
});
export type AuditPage = z.infer<typeof auditPage>;

/** With the settings that its page shows beside it. */
export const auditView = auditPage.extend({ tellLooks: z.boolean(), earlierTexts });
export type AuditView = z.infer<typeof auditView>;

/** A hit of message history: a message as members see it, or saw it. */
export const historyHit = searchHit.extend({
  /** `message.body` has the last text of a recalled message. */
  state: z.enum(['plain', 'edited', 'recalled']),
  /** How many earlier texts there are, the one that was recalled included. */
  versions: count,
  /** The earlier text that matches, if the newest one does not. */
  found: z.strictObject({ version: z.int().min(1), body: z.string(), marks }).nullable(),
});
export type HistoryHit = z.infer<typeof historyHit>;

export const historyPage = z.strictObject({
  hits: z.array(historyHit),
  people: z.array(person),
  conversations: z.array(conversation),
  /** Of the direct conversations, by id: who is in them. */
  directs: z.record(z.string(), z.array(id)),
  next: z.string().nullable(),
  query: searchQuery,
  problems: z.array(searchProblem),
  forgiven: z.boolean(),
  reach: searchReach,
  /** With the first page. Of the newest texts of messages that were not recalled. */
  facets: searchFacets.nullable(),
});
export type HistoryPage = z.infer<typeof historyPage>;

export const historyContext = z.strictObject({
  conversation,
  /** With the last text of those that were recalled. */
  messages: z.array(historyHit),
  people: z.array(person),
  /** Of a direct conversation. */
  members: z.array(id),
  hasBefore: z.boolean(),
  hasAfter: z.boolean(),
});
export type HistoryContext = z.infer<typeof historyContext>;

export const viewing = z.strictObject({
  userId: id,
  from: millis,
  /** Null while it can still be seen. */
  until: millis.nullable(),
});
export type Viewing = z.infer<typeof viewing>;

export const historyVersion = z.strictObject({
  version: z.int().min(1),
  body: z.string(),
  createdAt: millis,
  /** The current text. */
  current: z.boolean(),
  /** At most 500, ordered by when they could first see it. */
  viewers: z.array(viewing),
  viewerCount: count,
});
export type HistoryVersion = z.infer<typeof historyVersion>;

export const messageHistory = z.strictObject({
  message,
  conversation,
  /** Oldest first; the last is the newest text, also of a recalled message. */
  versions: z.array(historyVersion),
  people: z.array(person),
});
export type MessageHistory = z.infer<typeof messageHistory>;

export const exportFile = z.strictObject({ name: z.string(), bytes: count, sha256: z.string() });
export type ExportFile = z.infer<typeof exportFile>;

export const exportQuery = z.strictObject({
  text: z.string(),
  state: z.enum(HISTORY_STATES),
  /** Sent at or after; null for the beginning. */
  from: millis.nullable(),
  /** Sent before; null for the time of the request. */
  to: millis.nullable(),
  timeZone: z.string(),
});
export type ExportQuery = z.infer<typeof exportQuery>;

export const historyExport = z.strictObject({
  id,
  createdBy: z.string(),
  createdByName: z.string(),
  createdAt: millis,
  reason: z.string(),
  query: exportQuery,
  status: z.enum(EXPORT_STATUSES),
  /** Messages written so far. */
  done: count,
  /** About how many there will be; null until known. */
  total: count.nullable(),
  files: z.array(exportFile),
  /** Why it failed or is waiting; starts with the code. */
  error: z.string().nullable(),
  /** When it is tried again; null if there is no error or it has ended. */
  retryAt: millis.nullable(),
  finishedAt: millis.nullable(),
  /** When its files are deleted. */
  expiresAt: millis.nullable(),
});
export type HistoryExport = z.infer<typeof historyExport>;

/** What a member may see of the accesses of admins to a conversation. */
export const accessNotice = z.strictObject({
  /** Whether this workspace shows accesses to members. */
  told: z.boolean(),
  looks: z.array(z.strictObject({ at: millis, actorName: z.string(), action: auditAction })),
});
export type AccessNotice = z.infer<typeof accessNotice>;
