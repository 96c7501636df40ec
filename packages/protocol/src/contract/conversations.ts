import { z } from 'zod';
import { accessNotice } from '../admin.ts';
import { bounded } from '../bounded.ts';
import { createChannel, createGroup, newMembers, title, topic } from '../commands.ts';
import { channelListing, conversation, member, role } from '../conversation.ts';
import { id } from '../ids.ts';
import { inboxEntry } from '../inbox.ts';
import { person } from '../person.ts';
import { mutation, query } from './define.ts';
import { inConversation, limit, nothing, typed } from './fields.ts';

export const conversations = {
  get: query({ access: 'signed-in', input: z.strictObject(inConversation), output: inboxEntry }),
  /** By user id; pass `next` as `afterUserId` for the next page; null after the last. */
  members: query({
    access: 'signed-in',
    input: z.strictObject({ ...inConversation, afterUserId: id.optional(), limit }),
    output: z.strictObject({ members: z.array(member.extend({ person })), next: id.nullable() }),
  }),
  browse: query({
    access: 'signed-in',
    input: z.strictObject({
      query: typed.default(''),
      offset: z.int().min(0).max(10_000).default(0),
      limit,
    }),
    output: z.array(channelListing),
  }),
  openDirect: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ userId: id }),
    output: inboxEntry,
  }),
  createGroup: mutation({
    access: 'signed-in',
    isIdempotent: false,
    input: createGroup,
    output: inboxEntry,
  }),
  createChannel: mutation({
    access: 'signed-in',
    isIdempotent: false,
    input: createChannel,
    output: inboxEntry,
  }),
  rename: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ ...inConversation, title }),
    output: conversation,
  }),
  setTopic: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ ...inConversation, topic: topic.nullable() }),
    output: conversation,
  }),
  join: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject(inConversation),
    output: inboxEntry,
  }),
  leave: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject(inConversation),
    output: nothing,
  }),
  addMembers: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ ...inConversation, userIds: bounded(newMembers.min(1)) }),
    output: conversation,
  }),
  removeMember: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ ...inConversation, userId: id }),
    output: conversation,
  }),
  setRole: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ ...inConversation, userId: id, role }),
    output: conversation,
  }),
  /** Accesses of admins to it, if members may see them. */
  looks: query({ access: 'signed-in', input: z.strictObject(inConversation), output: accessNotice }),
};
