import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { contract, SERVER_EVENTS } from '../src/contract/index.ts';
import { parseSearch } from '../src/index.ts';
import { searchQuery } from '../src/search-schema.ts';
import * as of from './examples.ts';

const {
  admin,
  auth,
  conversations,
  devices,
  invitations,
  me,
  messages,
  people,
  search,
  searches,
  sync,
  workspace,
} = contract;

const PERSON = ['admin', 'deactivated', 'lookAlike'];
const page = { messages: [of.message], hasBefore: true, hasAfter: false, people: [of.person] };

/** What is answered or told, and which of its fields may be left out. */
const EXAMPLES: [name: string, schema: z.ZodType, value: object, optional?: string[]][] = [
  ['a message', messages.send.output, of.message],
  ['a page of messages', messages.before.output, page, ['people']],
  ['an entry of the inbox', conversations.get.output, of.entry],
  ['a conversation', conversations.rename.output, of.conversation],
  ['oneself', me.get.output, of.me, PERSON],
  ['a page of the inbox', sync.inbox.output, of.inboxPage, ['peopleChanges']],
  ['changes of a timeline', sync.changes.output, of.changes, ['people']],
  ['changes of people', people.changes.output, of.peopleChanges],
  ['a draft that was stored', sync.draft.output, { stored: true, entry: of.entry }],
  ['digests', sync.digest.output, of.stateDigest],
  ['devices', devices.list.output, { devices: [of.device], more: 0, headPos: 9 }],
  ['what a search finds', search.messages.output, of.found],
  ['its facets', search.facets.output, of.facets],
  ['its count', search.count.output, { count: 3, capped: true }],
  ['the workspace', workspace.status.output, of.status],
  ['an invitation', invitations.create.output, { ...of.invitation, code: 'x' }],
  ['whether a password would do', auth.checkPassword.output, { weakness: 'common' }],
  ['how many sessions ended', me.changePassword.output, { devices: 1 }],
  [
    'what an admin finds',
    admin.search.output,
    { ...of.found, hits: [of.historyHit], conversations: [of.conversation], directs: { [of.ID]: [of.ID] } },
  ],
  [
    'messages around it',
    admin.open.output,
    {
      conversation: of.conversation,
      messages: [of.historyHit],
      people: [of.person],
      members: [of.ID],
      hasBefore: false,
      hasAfter: false,
    },
  ],
  [
    'its versions',
    admin.versions.output,
    {
      message: of.message,
      conversation: of.conversation,
      versions: [of.historyVersion],
      people: [of.person],
    },
  ],
  [
    'the audit log',
    admin.audit.output,
    {
      entries: [of.auditEntry],
      head: of.auditHead,
      hasMore: false,
      tellLooks: true,
      earlierTexts: 'members',
    },
  ],
  ['what checking it found', admin.verifyAudit.output, of.auditReport],
  [
    'people of the workspace',
    admin.people.output,
    {
      people: [of.managed],
      next: of.ID,
      counts: { active: 1, admins: 1, deactivated: 0, placeholders: 0 },
    },
  ],
  ['a link to set a password', admin.makeResetLink.output, { code: 'x', expiresAt: 9 }],
  ['where a file is', admin.downloadExport.output, { path: '/api/x' }],
  [
    'looks of admins',
    conversations.looks.output,
    { told: true, looks: [{ at: 1, actorName: 'Ann', action: 'open' }] },
  ],
  ['ready', SERVER_EVENTS.ready, { userId: of.ID, sessionId: of.ID, serverTime: 1, protocolVersion: 3 }],
  ['an entry that moved', SERVER_EVENTS.inbox, { entry: of.entry }],
  ['typing', SERVER_EVENTS.typing, { conversationId: of.ID, userId: of.ID }],
  ['a receipt', SERVER_EVENTS.receipt, { userId: of.ID, readSeq: 7, conversationId: of.ID }],
  ['presence', SERVER_EVENTS.presence, { userId: of.ID, online: true, lastSeenAt: null }],
  ['people that changed', SERVER_EVENTS.people, { after: 1, people: [of.person], to: 3 }],
  ['the end of a socket', SERVER_EVENTS.ended, { reason: 'revoked' }],
];
/** The same of what is answered as a list. */
const LISTS: typeof EXAMPLES = [
  [
    'a member',
    conversations.members.output,
    { userId: of.ID, role: 'owner', joinedAt: 1, person: of.person },
  ],
  ['a channel of the directory', conversations.browse.output, { ...of.conversation, joined: false }],
  ['a person', people.get.output, of.person, PERSON],
  ['a version', messages.versions.output, { version: 1, body: 'first', createdAt: 1 }],
  ['how far somebody has read', sync.receipts.output, { userId: of.ID, readSeq: 7 }],
  ['a search that is kept', searches.list.output, of.savedSearch],
  ['an invitation that can be used', invitations.list.output, of.invitation],
  ['an export', admin.exports.output, of.historyExport],
  [
    'changes that are pushed',
    SERVER_EVENTS.changes,
    { conversationId: of.ID, messages: [of.message], conversation: of.conversation },
    ['conversation'],
  ],
];

const without = (value: object, key: string) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

describe('on the wire', () => {
  const check = (accepts: (value: unknown) => boolean, value: object, optional: string[]) => {
    expect(accepts(value)).toBe(true);
    expect(accepts({ ...value, notThere: 1 })).toBe(false);
    const left = Object.keys(value).filter((key) => accepts(without(value, key)));
    expect(left).toEqual(optional);
  };

  it.each(EXAMPLES)('%s has just these fields', (_, schema, value, optional = []) => {
    expect(schema.parse(value)).toEqual(value);
    check((one) => schema.safeParse(one).success, value, optional);
  });

  it.each(LISTS)('%s, one of several, has just these fields', (name, schema, value, optional = []) => {
    const list = (one: unknown) => (name === 'a member' ? { members: [one], next: null } : [one]);
    check((one) => schema.safeParse(list(one)).success, value, optional);
  });

  it.each([
    'wifi dri*',
    '"no sound" -flash -"x y"',
    'from:me to:@ann mentions:"Ann Lee"',
    `from:<@${of.ID}> in:<#${of.ID}> in:@ann in:"Trip"`,
    'before:2008 after:today on:may-07 during:last-week',
    'has:link has:code has:mention has:edit has:file has:image has:reaction',
    'is:unread is:direct sort:best',
    'x "no soun',
    'from: form:@ann has:lnik on:x !!! sort:newest',
  ])('a search is what is read from %j', (text) => {
    for (const typing of [false, true]) {
      const { query, problems } = parseSearch(text, { typing });
      expect(searchQuery.parse(query)).toEqual(query);
      const answer = { ...of.found, query, problems };
      expect(search.messages.output.parse(answer)).toEqual(answer);
    }
  });

  it('each word of a closed list is known, and no other', () => {
    const takes = (schema: z.ZodType, value: object) => (one: string) =>
      schema.safeParse(Object.fromEntries(Object.keys(value).map((key) => [key, one]))).success;
    const signUp = takes(workspace.setSignUp.input, { mode: '' });
    expect(['open', 'invitation', 'closed', ''].map(signUp)).toEqual([true, true, false, false]);
    const readers = takes(admin.setEarlierTexts.input, { readers: '' });
    expect(['members', 'author', 'all', ''].map(readers)).toEqual([true, true, false, false]);
    const ended = takes(SERVER_EVENTS.ended, { reason: '' });
    expect(['signed_out', 'revoked', ''].map(ended)).toEqual([true, true, false]);
    const weakness = takes(auth.checkPassword.output, { weakness: '' });
    expect(['common', 'personal', 'repeats', 'sequence', 'guessable', ''].map(weakness)).toEqual([
      ...[true, true, true, true, true, false],
    ]);
  });
});
