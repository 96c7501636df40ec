import type { MutationName, QueryName } from '@lockstep/protocol/contract';
import type { TestPerson } from '@lockstep/testing';
import type { HostileStore } from './store.ts';

export interface HostileCase {
  who: TestPerson;
  input: unknown;
}

const B32 = 'b '.repeat(32).trim();
const TEXTS = [
  `sort:best ${'b '.repeat(31).trim()}`,
  B32,
  `"${'b '.repeat(240).trim()}"`,
  `"${'a b '.repeat(30)}b" "${'a b '.repeat(29)}c"`,
  Array.from({ length: 32 }, (_, i) => `w${i}`).join(' '),
  `sort:best ${Array.from({ length: 31 }, (_, i) => `w${i}`).join(' ')}`,
  '的好'.repeat(120),
  `"${'的 好 '.repeat(60)}好"`,
  'from:b '.repeat(32).trim(),
  'in:b '.repeat(32).trim(),
  'mentions:b to:b '.repeat(16).trim(),
  'beeeb w00000 wwwwwwww xylophon',
  '-is:direct -"b b b" has:code',
  'is:unread b*',
  '!'.repeat(500),
  'a.'.repeat(250),
];

type HostileCases = { [N in QueryName]: HostileCase[] } & { [N in MutationName]?: HostileCase[] };

/** Every query of the API, and what reads though it is a mutation: the worst that can be asked of each. */
export const casesOf = (store: HostileStore): HostileCases => {
  const { eve, admin, conversationId, head, edited, crowd } = store;
  const at = { conversationId };
  const by = (who: TestPerson, ...inputs: unknown[]): HostileCase[] =>
    inputs.map((input) => ({ who, input }));
  const reason = 'a complaint';
  const cursors = Array.from({ length: 20 }, () => ({ ...at, afterRev: Math.max(0, head - 100) }));
  return {
    'search.messages': TEXTS.flatMap((text) =>
      by(eve, { text, limit: 50, facets: true, typing: true, timeZone: 'aSIA/kATHMANDU' }),
    ),
    'search.facets': TEXTS.slice(0, 6).flatMap((text) => by(eve, { text })),
    'search.count': TEXTS.slice(0, 6).flatMap((text) => by(eve, { text })),
    'admin.search': TEXTS.slice(0, 9).flatMap((text) => by(admin, { text, reason, limit: 50 })),
    'admin.open': by(
      admin,
      { ...at, reason, seq: head, limit: 100 },
      { ...at, reason, seq: 1_200, limit: 100 },
    ),
    'admin.versions': by(admin, { ...at, reason, seq: edited }),
    'admin.audit': by(admin, { limit: 100 }),
    'admin.verifyAudit': by(admin, {}),
    'admin.exports': by(admin, undefined),
    'sync.digest': by(
      eve,
      {},
      { ranges: [{ ...at, from: 1, to: head }] },
      {
        ranges: Array.from({ length: 6 }, () => ({ ...at, from: 1, to: head })),
      },
    ),
    'sync.inbox': by(eve, { afterPos: 0 }, { afterPos: 10_000_000 }, { afterPos: 1, timelines: cursors }),
    'sync.changes': by(eve, { ...at, afterRev: head - 100, limit: 100 }, { ...at, afterRev: 0, limit: 100 }),
    'sync.receipts': by(eve, at, { conversationId: crowd }),
    'messages.before': by(eve, { ...at, limit: 100 }, { ...at, seq: head, limit: 100 }),
    'messages.after': by(eve, { ...at, seq: head - 120, limit: 100 }),
    'messages.around': by(eve, { ...at, seq: head - 50, limit: 100 }),
    'messages.atTime': by(eve, { ...at, at: 0 }, { ...at, at: 253_402_300_799_999 }),
    'messages.versions': by(eve, { ...at, seq: edited }),
    'people.search': by(eve, { query: 'b', limit: 100 }, { query: '%_'.repeat(50), limit: 100 }),
    'admin.people': by(admin, { query: 'b', limit: 100 }),
    'people.changes': by(eve, { afterRev: 0, limit: 100 }),
    'people.get': by(eve, { userIds: Array.from({ length: 100 }, () => eve.id) }),
    'searches.list': by(eve, undefined),
    'devices.list': by(eve, undefined),
    'conversations.get': by(eve, at, { conversationId: crowd }),
    'conversations.members': by(eve, { conversationId: crowd, limit: 100 }),
    'conversations.browse': by(eve, { query: 'b', limit: 100 }, { query: '%'.repeat(100), offset: 10_000 }),
    'conversations.looks': by(eve, at),
    'invitations.list': by(admin, undefined),
    'me.get': by(eve, undefined),
    'workspace.status': by(eve, undefined),
  };
};
