import { sampleEntry, sampleMessage } from '@lockstep/testing/samples';

/** One value of each kind that goes over the wire, with everything in it. */

export const ID = '0199b3c2-7a10-7000-8000-000000000001';
const HASH = 'a'.repeat(64);
const digest = '0123456789abcdef';

export const message = sampleMessage(7, { conversationId: ID, senderId: ID, clientId: ID });
export const entry = sampleEntry(
  { id: ID },
  { peerId: ID, draft: { text: 'so far', version: 2, updatedAt: 5 }, last: message },
);
export const { conversation } = entry;
export const person = {
  id: ID,
  name: 'Ann',
  image: null,
  placeholder: false,
  lastSeenAt: 5,
  rev: 3,
  admin: true as const,
  deactivated: true as const,
  lookAlike: 4,
};
export const me = {
  ...person,
  email: 'ann@example.org',
  role: 'admin',
  sessionId: ID,
  earlierTexts: 'author',
};
export const managed = {
  ...person,
  email: 'ann@example.org',
  role: 'member',
  createdAt: 1,
  deactivatedAt: null,
  lastActiveAt: 2,
  devices: 1,
  resetUntil: null,
};
export const device = {
  id: ID,
  name: 'Phone',
  browser: 'Firefox 143',
  system: 'Android',
  current: true,
  online: true,
  createdAt: 1,
  lastActiveAt: 2,
  pos: 3,
};

export const reach = { upTo: 5, behind: 0, complete: true, away: false, cut: false };
export const facets = {
  total: { count: 3, capped: false },
  people: [{ userId: ID, count: 2 }],
  conversations: [{ conversationId: ID, count: 2 }],
  months: [{ month: '2008-10', count: 2 }],
  persons: [person],
};
export const hit = { message, marks: [[0, 4]] };
export const query = { clauses: [{ kind: 'word', text: 'wifi', prefix: true, not: false }], sort: 'newest' };
export const problem = { code: 'bad_date', from: 0, to: 4, text: 'on:x', suggestion: null };
export const found = {
  hits: [hit],
  people: [person],
  next: 'next',
  query,
  problems: [problem],
  forgiven: false,
  reach,
  facets,
};

export const auditHead = { n: 1, hash: HASH };
export const auditEntry = {
  n: 1,
  at: 5,
  actorId: ID,
  actorName: 'Ann',
  sessionId: ID,
  address: '203.0.113.8',
  device: 'Firefox 143, macOS',
  action: 'search',
  reason: 'a complaint',
  asked: { text: 'wifi' },
  answered: 3,
  conversationIds: [ID],
  previous: HASH,
  hash: HASH,
  version: 2,
  key: 'k1',
};
export const auditReport = {
  rows: 2,
  head: auditHead,
  faults: [{ n: 2, kind: 'changed' }],
  kept: true,
  otherKey: 0,
  witnesses: { heads: 1, lost: [2] },
};
export const historyHit = {
  ...hit,
  state: 'edited',
  versions: 1,
  found: { version: 1, body: 'earlier', marks: [[0, 7]] },
};
export const historyVersion = {
  version: 1,
  body: 'earlier',
  createdAt: 4,
  current: false,
  viewers: [{ userId: ID, from: 1, until: null }],
  viewerCount: 1,
};
export const historyExport = {
  id: ID,
  createdBy: ID,
  createdByName: 'Ann',
  createdAt: 1,
  reason: 'a complaint',
  query: { text: 'wifi', state: 'recalled', from: null, to: 5, timeZone: 'UTC' },
  status: 'done',
  done: 3,
  total: 3,
  files: [{ name: 'messages.csv', bytes: 9, sha256: HASH }],
  error: null,
  retryAt: null,
  finishedAt: 4,
  expiresAt: 9,
};

export const changes = {
  conversationId: ID,
  messages: [message],
  to: 7,
  headRev: 7,
  headSeq: 7,
  reset: false,
  people: [person],
};
export const peopleChanges = { after: 1, people: [person], to: 3, more: false, reset: false };
export const inboxPage = {
  entries: [entry],
  people: [person],
  to: 9,
  more: false,
  changes: [changes],
  peopleChanges,
};
export const stateDigest = { overall: digest, conversations: { [ID]: digest }, ranges: [digest, null] };
export const savedSearch = { text: 'wifi', name: 'Radio', usedAt: 1, savedAt: null };
export const status = { ready: true, signUp: 'invitation' };
export const invitation = { id: ID, createdAt: 1, expiresAt: 9, usesLeft: 1, claims: ID };
