import { z } from 'zod';
import {
  auditAction,
  auditHead,
  auditReport,
  auditView,
  historyContext,
  historyExport,
  historyPage,
  messageHistory,
} from '../admin.ts';
import { bounded } from '../bounded.ts';
import { HISTORY_STATES, PEOPLE_FILTERS } from '../closed-lists.ts';
import { id, millis, seq } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { managedPeoplePage, resetLink, workspaceRole } from '../person.ts';
import { line, raw } from '../text.ts';
import { earlierTexts } from '../workspace.ts';
import { mutation, query } from './define.ts';
import { inConversation, limit, nothing, ofMessage, searchLimit, typed } from './fields.ts';

const reason = line(LIMITS.reason);
const ofPerson = { userId: id };
const ofExport = { exportId: id };
const asked = {
  reason,
  text: raw(4 * LIMITS.searchText).default(''),
  state: z.enum(HISTORY_STATES).default('all'),
  from: millis.nullable().default(null),
  to: millis.nullable().default(null),
  timeZone: raw(64).default('UTC'),
};

/**
 * Each access writes to the audit log. So it is a mutation and not idempotent, and neither the query nor the reason
 * gets into a URL.
 */
export const admin = {
  search: mutation({
    access: 'admin',
    isIdempotent: false,
    cost: 'search',
    input: z.strictObject({ ...asked, cursor: bounded(z.string().max(400)).optional(), limit: searchLimit }),
    output: historyPage,
  }),
  open: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject({ reason, ...inConversation, seq, limit: limit.unwrap().default(40) }),
    output: historyContext,
  }),
  versions: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject({ reason, ...ofMessage }),
    output: messageHistory,
  }),
  audit: query({
    access: 'admin',
    input: z.strictObject({
      /** Exclusive; leave it out for the newest. */
      before: z.int().min(1).optional(),
      action: auditAction.optional(),
      actorId: id.optional(),
      limit,
    }),
    output: auditView,
  }),
  verifyAudit: mutation({
    access: 'admin',
    isIdempotent: true,
    cost: 'verify',
    input: z.strictObject({ kept: auditHead.optional() }),
    output: auditReport,
  }),
  setEarlierTexts: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject({ readers: earlierTexts }),
    output: z.strictObject({ readers: earlierTexts }),
  }),
  setTellLooks: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject({ tell: z.boolean() }),
    output: z.strictObject({ tell: z.boolean() }),
  }),
  people: query({
    access: 'admin',
    input: z.strictObject({
      /** Of a name or an e-mail. */
      query: typed.default(''),
      filter: z.enum(PEOPLE_FILTERS).default('active'),
      /** The id of the last person of the page before. */
      after: id.optional(),
      limit,
    }),
    output: managedPeoplePage,
  }),
  setPersonRole: mutation({
    access: 'admin',
    isIdempotent: true,
    input: z.strictObject({ ...ofPerson, role: workspaceRole }),
    output: nothing,
  }),
  setPersonActive: mutation({
    access: 'admin',
    isIdempotent: true,
    input: z.strictObject({ ...ofPerson, active: z.boolean() }),
    output: nothing,
  }),
  endPersonSessions: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject(ofPerson),
    output: z.strictObject({ devices: z.int().min(0) }),
  }),
  /** Each call creates a new link. */
  makeResetLink: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject(ofPerson),
    output: resetLink,
  }),
  exports: query({ access: 'admin', output: z.array(historyExport) }),
  createExport: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject(asked),
    output: z.strictObject({ id }),
  }),
  cancelExport: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject(ofExport),
    output: z.void(),
  }),
  retryExport: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject(ofExport),
    output: z.void(),
  }),
  /** Where the file may be fetched, once. */
  downloadExport: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject({ reason, ...ofExport, file: bounded(z.string().max(100)) }),
    output: z.strictObject({ path: z.string() }),
  }),
};
