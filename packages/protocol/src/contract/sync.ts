import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { draftText } from '../commands.ts';
import { millis, pos, rev, seq } from '../ids.ts';
import { draftResult, inboxEntry, inboxPage, receipt } from '../inbox.ts';
import { LIMITS } from '../limits.ts';
import { changePage, timelineCursor } from '../message.ts';
import { digestRange, stateDigest } from '../state-digest.ts';
import { mutation, query } from './define.ts';
import { inConversation, limit } from './fields.ts';

export const sync = {
  inbox: query({
    access: 'signed-in',
    input: z.strictObject({
      afterPos: pos,
      limit: z.int().min(1).max(LIMITS.inboxPage).default(LIMITS.inboxPage),
      /** Timelines whose changes are also requested, the one on screen first. */
      timelines: bounded(z.array(timelineCursor).max(LIMITS.inboxTimelines)).default([]),
      /** Cursor of the changes of people; null for a device that holds nobody yet. Left out: not requested. */
      peopleRev: rev.nullable().optional(),
    }),
    output: inboxPage,
  }),
  changes: query({
    access: 'signed-in',
    input: z.strictObject({ ...inConversation, afterRev: rev, limit }),
    output: changePage,
  }),
  read: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ ...inConversation, seq }),
    output: inboxEntry,
  }),
  /** Personal settings of a conversation; omitted fields stay unchanged. */
  personal: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({
      ...inConversation,
      markedUnread: z.boolean().optional(),
      mutedUntil: millis.nullable().optional(),
      pinned: z.boolean().optional(),
      archived: z.boolean().optional(),
      placeSeq: seq.nullable().optional(),
    }),
    output: inboxEntry,
  }),
  /** `text` as in the composer, may be blank. `baseVersion` is the version it is based on. */
  draft: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({
      ...inConversation,
      text: draftText,
      baseVersion: z.int().min(0).max(2_147_483_647),
    }),
    output: draftResult,
  }),
  receipts: query({
    access: 'signed-in',
    input: z.strictObject(inConversation),
    output: z.array(receipt),
  }),
  /**
   * Digests of the whole list, and of these runs of messages, by `seq`, both ends inclusive (rule 12). Read-only; a
   * mutation because its ranges may be longer than a URL.
   */
  digest: mutation({
    access: 'signed-in',
    isIdempotent: true,
    cost: 'digest',
    input: z.strictObject({ ranges: bounded(z.array(digestRange).max(LIMITS.page)).default([]) }),
    output: stateDigest,
  }),
};
