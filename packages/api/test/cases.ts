import type { EntryOf, Input, Name } from '@lockstep/protocol/contract';
import type { Fixture } from './fixture.ts';

/**
 * Who of the signed-in may do it: `signedIn` any account · `member` who is in the conversation · `manager` its owners
 * and admins · `author` who wrote the message. The contract says the rest: anyone, or admins of the workspace.
 */
export type Who = 'signedIn' | 'member' | 'manager' | 'author';

/** `input`: one that works for whoever may. */
type Case<N extends Name> = { input(fixture: Fixture): Input<N> } & (EntryOf<N>['access'] extends 'signed-in'
  ? { who: Who }
  : { who?: never });

const by = <I>(who: Who, input: (fixture: Fixture) => I) => ({ who, input });
const none = () => undefined;
const at = ({ conversationId }: Fixture) => ({ conversationId });

/** Of every entry of the contract: without its case here nothing compiles. */
export const CASES: { [N in Name]: Case<N> } = {
  'admin.search': { input: () => ({ reason: 'a complaint', text: 'hello' }) },
  'admin.open': { input: (fixture) => ({ ...at(fixture), reason: 'a complaint', seq: fixture.seq }) },
  'admin.versions': { input: (fixture) => ({ ...at(fixture), reason: 'a complaint', seq: fixture.seq }) },
  'admin.audit': { input: () => ({}) },
  'admin.verifyAudit': { input: () => ({}) },
  'admin.setTellLooks': { input: () => ({ tell: true }) },
  'admin.setEarlierTexts': { input: () => ({ readers: 'members' }) },
  'admin.people': { input: () => ({}) },
  'admin.setPersonRole': { input: ({ people }) => ({ userId: people.stranger.id, role: 'member' }) },
  'admin.setPersonActive': { input: ({ spare }) => ({ userId: spare.id, active: false }) },
  'admin.endPersonSessions': { input: ({ spare }) => ({ userId: spare.id }) },
  'admin.makeResetLink': { input: ({ people }) => ({ userId: people.stranger.id }) },
  'admin.exports': { input: none },
  'admin.createExport': { input: () => ({ reason: 'a complaint', text: 'hello' }) },
  'admin.cancelExport': { input: ({ exportId }) => ({ exportId }) },
  'admin.retryExport': { input: ({ failedExportId }) => ({ exportId: failedExportId }) },
  'admin.downloadExport': {
    input: ({ doneExportId }) => ({
      exportId: doneExportId,
      reason: 'a complaint',
      file: 'manifest.json',
    }),
  },
  'conversations.looks': by('member', at),
  'auth.signUp': {
    input: () => ({
      name: 'New',
      email: `${crypto.randomUUID()}@example.org`,
      password: 'correct horse',
    }),
  },
  'auth.signIn': { input: () => ({ email: 'known@example.org', password: 'correct horse' }) },
  'auth.signOut': { input: none },
  'auth.checkPassword': { input: () => ({ password: 'correct horse' }) },
  'auth.resetPassword': { input: ({ resetCode }) => ({ code: resetCode, password: 'correct horse' }) },
  'workspace.status': { input: none },
  'workspace.setSignUp': { input: () => ({ mode: 'open' }) },
  'invitations.create': { input: () => ({ days: 1, uses: 1 }) },
  'invitations.list': { input: none },
  'invitations.revoke': { input: ({ invitationId }) => ({ invitationId }) },
  'me.get': by('signedIn', none),
  'me.rename': by('signedIn', () => ({ name: 'Renamed' })),
  'me.changePassword': by('signedIn', () => ({ current: 'correct horse', password: 'correct horse 2' })),
  'people.search': by('signedIn', () => ({ query: 'o' })),
  'people.changes': by('signedIn', () => ({ afterRev: 0 })),
  'people.get': by('signedIn', ({ people }) => ({ userIds: [people.owner.id] })),
  'messages.send': by('member', (fixture) => ({ ...at(fixture), clientId: crypto.randomUUID(), body: 'Hi' })),
  'messages.edit': by('author', (fixture) => ({ ...at(fixture), seq: fixture.seq, body: 'Hello!' })),
  'messages.recall': by('author', (fixture) => ({ ...at(fixture), seq: fixture.seq })),
  'messages.before': by('member', at),
  'messages.after': by('member', (fixture) => ({ ...at(fixture), seq: 0 })),
  'messages.around': by('member', (fixture) => ({ ...at(fixture), seq: 2 })),
  'messages.atTime': by('member', (fixture) => ({ ...at(fixture), at: 0 })),
  'messages.versions': by('member', (fixture) => ({ ...at(fixture), seq: fixture.seq })),
  'search.messages': by('signedIn', () => ({ text: 'hello', facets: true })),
  'search.facets': by('signedIn', () => ({ text: 'hello' })),
  'search.count': by('signedIn', () => ({ text: 'hello' })),
  'searches.list': by('signedIn', none),
  'searches.note': by('signedIn', () => ({ text: 'hello' })),
  'searches.forget': by('signedIn', () => ({})),
  'searches.save': by('signedIn', () => ({ text: 'hello' })),
  'searches.unsave': by('signedIn', () => ({ text: 'hello' })),
  'sync.inbox': by('signedIn', () => ({ afterPos: 0 })),
  'sync.changes': by('member', (fixture) => ({ ...at(fixture), afterRev: 0 })),
  'sync.read': by('member', (fixture) => ({ ...at(fixture), seq: 1 })),
  'sync.personal': by('member', (fixture) => ({ ...at(fixture), pinned: true })),
  'sync.receipts': by('member', at),
  'sync.digest': by('signedIn', () => ({})),
  'sync.draft': by('member', (fixture) => ({ ...at(fixture), text: 'unsent', baseVersion: 0 })),
  'devices.list': by('signedIn', none),
  'devices.rename': by('signedIn', ({ deviceId }) => ({ deviceId, name: 'Phone' })),
  'devices.revoke': by('signedIn', ({ deviceId }) => ({ deviceId })),
  'devices.revokeOthers': by('signedIn', none),
  'conversations.get': by('member', at),
  'conversations.members': by('member', at),
  'conversations.browse': by('signedIn', () => ({})),
  'conversations.openDirect': by('signedIn', ({ people }) => ({ userId: people.owner.id })),
  'conversations.createGroup': by('signedIn', ({ people }) => ({
    title: 'New',
    userIds: [people.owner.id],
  })),
  'conversations.createChannel': by('signedIn', () => ({ title: 'New', visibility: 'public' })),
  'conversations.join': by('signedIn', ({ channelId }) => ({ conversationId: channelId })),
  'conversations.rename': by('manager', (fixture) => ({ ...at(fixture), title: 'Other' })),
  'conversations.setTopic': by('manager', (fixture) => ({ ...at(fixture), topic: 'Other' })),
  'conversations.leave': by('member', at),
  'conversations.addMembers': by('manager', (fixture) => ({
    ...at(fixture),
    userIds: [fixture.people.stranger.id],
  })),
  'conversations.removeMember': by('manager', (fixture) => ({
    ...at(fixture),
    userId: fixture.people.member.id,
  })),
  'conversations.setRole': by('manager', (fixture) => ({
    ...at(fixture),
    userId: fixture.people.member.id,
    role: 'admin',
  })),
};
