import { z } from 'zod';
import { bounded } from './bounded.ts';
import type { Conversation } from './conversation.ts';
import { id, type Millis, millis, seq } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import type { Person } from './person.ts';
import type { SearchFacets, SearchHit, SearchReach } from './search.ts';
import type { SearchProblem, SearchQuery } from './search-query.ts';
import { line, raw } from './text.ts';

// Message history for admins of the workspace: every look has a reason, and is in the audit log before its answer is given.

export const AUDIT_ACTIONS = [
  'search',
  /** Opened a conversation around a message. */
  'open',
  /** Earlier texts of a message, and who could see them. */
  'versions',
  'export',
  'download',
  'cancel',
  /** A setting of the workspace: whether members are told, who may sign up, who reads earlier texts. */
  'setting',
  /** Of a person in the workspace. */
  'role',
  'deactivate',
  'reactivate',
  /** Ended all sessions of a person. */
  'signOut',
  /** Made a link for a person to set a new password. */
  'resetLink',
  /** Set one's own password, with the one before or with such a link. */
  'password',
  'rename',
  /** Made or revoked an invitation. */
  'invitation',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditEntry {
  /** 1..n without a gap. */
  n: number;
  at: Millis;
  actorId: string;
  /** As it was then. */
  actorName: string;
  sessionId: string;
  address: string | null;
  /** Browser and system. */
  device: string | null;
  action: AuditAction;
  reason: string;
  /** JSON; times in ms. */
  asked: Record<string, unknown>;
  /** How many messages or lines were answered. */
  answered: number;
  conversationIds: string[];
  /** Hash of the row before; zeros for the first. */
  previous: string;
  /** In hex over the canonical JSON of all the rest: SHA-256, from version 2 on HMAC-SHA256. */
  hash: string;
  /** How its hash was made; left out in version 1. */
  version?: number;
  /** Names the key of the HMAC, which the database does not have; left out in version 1. */
  key?: string | null;
}

/** Where the chain ends: kept outside, it proves later that nothing before it was changed. */
export interface AuditHead {
  n: number;
  hash: string;
}

export interface AuditFault {
  /** Number of the row. */
  n: number;
  kind: 'changed' | 'removed' | 'inserted';
}

export interface AuditReport {
  rows: number;
  head: AuditHead;
  /** In order; at most 100. */
  faults: AuditFault[];
  /** Whether a head that was kept outside is still part of the chain; null when none was given. */
  kept: boolean | null;
  /** Rows that were hashed with a key that this server does not have: only their order can be checked. */
  otherKey: number;
  /** Heads that this server has kept beside the database, and the numbers of those that are not in the chain: at most 100. */
  witnesses: { heads: number; lost: number[] };
}

export interface AuditPage {
  /** Newest first. */
  entries: AuditEntry[];
  head: AuditHead;
  hasMore: boolean;
}

export const HISTORY_STATES = ['all', 'recalled', 'edited'] as const;
export type HistoryState = (typeof HISTORY_STATES)[number];

/** What an admin finds: a message as members have it, or had it. */
export interface HistoryHit extends SearchHit {
  /** `message.body` has the last text of a recalled message. */
  state: 'plain' | 'edited' | 'recalled';
  /** How many earlier texts there are, the one that was recalled included. */
  versions: number;
  /** The earlier text that was found, where the newest does not fit. */
  found: { version: number; body: string; marks: [from: number, to: number][] } | null;
}

export interface HistoryPage {
  hits: HistoryHit[];
  people: Person[];
  conversations: Conversation[];
  /** Of the direct conversations, by id: who is in them. */
  directs: Record<string, string[]>;
  next: string | null;
  query: SearchQuery;
  problems: SearchProblem[];
  forgiven: boolean;
  reach: SearchReach;
  /** With the first page. Of the newest texts of messages that were not recalled. */
  facets: SearchFacets | null;
}

export interface HistoryContext {
  conversation: Conversation;
  /** With the last text of those that were recalled. */
  messages: HistoryHit[];
  people: Person[];
  /** Of a direct conversation. */
  members: string[];
  hasBefore: boolean;
  hasAfter: boolean;
}

export interface Viewing {
  userId: string;
  from: Millis;
  /** Null while it can still be seen. */
  until: Millis | null;
}

export interface HistoryVersion {
  version: number;
  body: string;
  createdAt: Millis;
  /** The text that stands now. */
  current: boolean;
  /** At most 500, in the order in which they came to see it. */
  viewers: Viewing[];
  viewerCount: number;
}

export interface MessageHistory {
  message: Message;
  conversation: Conversation;
  /** Oldest first; the last is the newest text, also of a recalled message. */
  versions: HistoryVersion[];
  people: Person[];
}

export const EXPORT_STATUSES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'expired'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

export interface ExportFile {
  name: string;
  bytes: number;
  sha256: string;
}

export interface ExportQuery {
  text: string;
  state: HistoryState;
  /** Sent at or after; null for the beginning. */
  from: Millis | null;
  /** Sent before; null for the time of the request. */
  to: Millis | null;
  timeZone: string;
}

export interface HistoryExport {
  id: string;
  createdBy: string;
  createdByName: string;
  createdAt: Millis;
  reason: string;
  query: ExportQuery;
  status: ExportStatus;
  /** Messages written so far. */
  done: number;
  /** About how many there will be; null until known. */
  total: number | null;
  files: ExportFile[];
  /** Why it failed, or does not go on for now; its code in front. */
  error: string | null;
  /** When it is tried again; null when nothing is wrong, or it has ended. */
  retryAt: Millis | null;
  finishedAt: Millis | null;
  /** When its files are deleted. */
  expiresAt: Millis | null;
}

/** What a member may know of the looks into a conversation. */
export interface LookNotice {
  /** Members of this workspace are told of each. */
  told: boolean;
  looks: { at: Millis; actorName: string; action: AuditAction }[];
}

const reason = line(LIMITS.reason);
const state = z.enum(HISTORY_STATES).default('all');
const text = raw(4 * LIMITS.searchText).default('');
const timeZone = raw(64).default('UTC');
const range = { from: millis.nullable().default(null), to: millis.nullable().default(null) };

export const searchHistory = z.strictObject({
  reason,
  text,
  state,
  ...range,
  timeZone,
  cursor: bounded(z.string().max(400)).optional(),
  limit: z.int().min(1).max(LIMITS.searchPage).default(20),
});
export const openHistory = z.strictObject({
  reason,
  conversationId: id,
  seq,
  limit: z.int().min(1).max(LIMITS.page).default(40),
});
export const historyVersions = z.strictObject({ reason, conversationId: id, seq: seq.min(1) });
export const listAudit = z.strictObject({
  /** Exclusive; leave it out for the newest. */
  before: z.int().min(1).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  actorId: id.optional(),
  limit: z.int().min(1).max(LIMITS.page).default(50),
});
export const verifyAudit = z.strictObject({
  kept: z.strictObject({ n: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
});
export const createExport = z.strictObject({ reason, text, state, ...range, timeZone });
export const cancelExport = z.strictObject({ exportId: id });
export const retryExport = cancelExport;
export const downloadExport = z.strictObject({ reason, exportId: id, file: bounded(z.string().max(100)) });
export const setTellLooks = z.strictObject({ tell: z.boolean() });
/** Who may read the earlier texts of an edited message: all members, or its author and administrators. */
export const earlierTexts = z.enum(['members', 'author']);
export type EarlierTexts = z.infer<typeof earlierTexts>;
export const setEarlierTexts = z.strictObject({ readers: earlierTexts });
export const looksInto = z.strictObject({ conversationId: id });
