import { actions } from '@lockstep/core';
import { workExports } from '@lockstep/core/exports';
import { setPassword } from '@lockstep/db';
import type { TestPerson, World } from '@lockstep/testing';

/** A conversation to knock at: the owner wrote message 3, `removed` was a member. */
export interface Place {
  conversationId: string;
  seq: number;
  channelId: string;
  invitationId: string;
  exportId: string;
  failedExportId: string;
  doneExportId: string;
  /** A device of the stranger that nobody uses. */
  deviceId: string;
  /** Somebody who takes no part. */
  spare: TestPerson;
  /** Of a link for `spare` to set a password. */
  resetCode: string;
  people: People;
}

export interface People {
  admin: TestPerson;
  owner: TestPerson;
  member: TestPerson;
  removed: TestPerson;
  stranger: TestPerson;
}

export const makePeople = async (world: World): Promise<People> => {
  const people = {
    admin: await world.person('Admin', { role: 'admin' }),
    owner: await world.person('Owner'),
    member: await world.person('Member'),
    removed: await world.person('Removed'),
    stranger: await world.person('Stranger'),
  };
  const hash = await world.core.passwords.hash('', 'correct horse');
  await setPassword(world.core.db.pool, people.stranger.id, hash, null);
  return people;
};

export const makePlace = async (world: World, people: People): Promise<Place> => {
  const { core } = world;
  const { admin, owner, member, removed } = people;
  const create = { title: 'Place', userIds: [member.id, removed.id] };
  const { conversation } = await actions.createGroup(owner.actor, core, create);
  const conversationId = conversation.id;
  const message = { conversationId, clientId: crypto.randomUUID(), body: 'Hello' };
  const { seq } = await actions.sendMessage(owner.actor, core, message);
  await actions.removeMember(owner.actor, core, { conversationId, userId: removed.id });
  const channel = await actions.createChannel(owner.actor, core, {
    title: 'Channel',
    visibility: 'public',
    userIds: [],
  });
  const device = { ipAddress: null, userAgent: null };
  const invitation = await actions.createInvitation(admin.actor, core, device, { days: 1, uses: 1 });
  const { sessionId: deviceId } = await world.device(people.stranger);
  const ask = { reason: 'x', text: 'hello', state: 'all' as const, from: null, to: null, timeZone: 'UTC' };
  const done = await actions.createExport(admin.actor, core, device, ask);
  const parts = { db: core.db, searcher: core.search, dataDir: core.settings.DATA_DIR, log: core.log };
  await workExports(parts);
  const failed = await actions.createExport(admin.actor, core, device, ask);
  await core.db.pool.query(`update history_export set status = 'failed' where id = $1`, [failed.id]);
  const open = await actions.createExport(admin.actor, core, device, ask);
  const spare = await world.person('Spare');
  const { code: resetCode } = await actions.makeResetLink({ actor: admin.actor, from: device }, core, {
    userId: spare.id,
  });
  return {
    spare,
    resetCode,
    doneExportId: done.id,
    exportId: open.id,
    failedExportId: failed.id,
    deviceId,
    conversationId,
    seq,
    channelId: channel.conversation.id,
    invitationId: invitation.id,
    people,
  };
};

/**
 * Who may go through a door with its input:
 * `public` anyone · `signedIn` any account · `member` who is in the conversation · `manager` its owners and admins ·
 * `author` who wrote the message · `admin` admins of the workspace.
 */
export type Access = 'public' | 'signedIn' | 'member' | 'manager' | 'author' | 'admin';

export interface Door {
  access: Access;
  /** An input that works for whoever may. */
  input(place: Place): unknown;
}

const door = (access: Access, input: Door['input'] = () => undefined): Door => ({ access, input });
const at = ({ conversationId }: Place) => ({ conversationId });

/** Every procedure of the API. permissions.test.ts fails when one is missing here. */
export const DOORS: Record<string, Door> = {
  'admin.search': door('admin', () => ({ reason: 'a complaint', text: 'hello' })),
  'admin.open': door('admin', (place) => ({ ...at(place), reason: 'a complaint', seq: place.seq })),
  'admin.versions': door('admin', (place) => ({ ...at(place), reason: 'a complaint', seq: place.seq })),
  'admin.audit': door('admin', () => ({})),
  'admin.verifyAudit': door('admin', () => ({})),
  'admin.setTellLooks': door('admin', () => ({ tell: true })),
  'admin.setEarlierTexts': door('admin', () => ({ readers: 'members' })),
  'admin.people': door('admin', () => ({})),
  'admin.setPersonRole': door('admin', ({ people }) => ({ userId: people.stranger.id, role: 'member' })),
  'admin.setPersonActive': door('admin', ({ spare }) => ({ userId: spare.id, active: false })),
  'admin.endPersonSessions': door('admin', ({ spare }) => ({ userId: spare.id })),
  'admin.makeResetLink': door('admin', ({ people }) => ({ userId: people.stranger.id })),
  'admin.exports': door('admin'),
  'admin.createExport': door('admin', () => ({ reason: 'a complaint', text: 'hello' })),
  'admin.cancelExport': door('admin', ({ exportId }) => ({ exportId })),
  'admin.retryExport': door('admin', ({ failedExportId }) => ({ exportId: failedExportId })),
  'admin.downloadExport': door('admin', ({ doneExportId }) => ({
    exportId: doneExportId,
    reason: 'a complaint',
    file: 'manifest.json',
  })),
  'conversations.looks': door('member', at),
  'auth.signUp': door('public', () => ({
    name: 'New',
    email: `${crypto.randomUUID()}@example.org`,
    password: 'correct horse',
  })),
  'auth.signIn': door('public', () => ({ email: 'known@example.org', password: 'correct horse' })),
  'auth.signOut': door('public'),
  'auth.checkPassword': door('public', () => ({ password: 'correct horse' })),
  'auth.resetPassword': door('public', ({ resetCode }) => ({ code: resetCode, password: 'correct horse' })),
  'workspace.status': door('public'),
  'workspace.setSignUp': door('admin', () => ({ mode: 'open' })),
  'invitations.create': door('admin', () => ({ days: 1, uses: 1 })),
  'invitations.list': door('admin'),
  'invitations.revoke': door('admin', ({ invitationId }) => ({ invitationId })),
  'me.get': door('signedIn'),
  'me.rename': door('signedIn', () => ({ name: 'Renamed' })),
  'me.changePassword': door('signedIn', () => ({ current: 'correct horse', password: 'correct horse 2' })),
  'people.search': door('signedIn', () => ({ query: 'o' })),
  'people.changes': door('signedIn', () => ({ afterRev: 0 })),
  'people.get': door('signedIn', ({ people }) => ({ userIds: [people.owner.id] })),
  'messages.send': door('member', (place) => ({ ...at(place), clientId: crypto.randomUUID(), body: 'Hi' })),
  'messages.edit': door('author', (place) => ({ ...at(place), seq: place.seq, body: 'Hello!' })),
  'messages.recall': door('author', (place) => ({ ...at(place), seq: place.seq })),
  'messages.before': door('member', at),
  'messages.after': door('member', (place) => ({ ...at(place), seq: 0 })),
  'messages.around': door('member', (place) => ({ ...at(place), seq: 2 })),
  'messages.atTime': door('member', (place) => ({ ...at(place), at: 0 })),
  'messages.versions': door('member', (place) => ({ ...at(place), seq: place.seq })),
  'search.messages': door('signedIn', () => ({ text: 'hello', facets: true })),
  'search.facets': door('signedIn', () => ({ text: 'hello' })),
  'search.count': door('signedIn', () => ({ text: 'hello' })),
  'searches.list': door('signedIn'),
  'searches.note': door('signedIn', () => ({ text: 'hello' })),
  'searches.forget': door('signedIn', () => ({})),
  'searches.save': door('signedIn', () => ({ text: 'hello' })),
  'searches.unsave': door('signedIn', () => ({ text: 'hello' })),
  'sync.inbox': door('signedIn', () => ({ afterPos: 0 })),
  'sync.changes': door('member', (place) => ({ ...at(place), afterRev: 0 })),
  'sync.read': door('member', (place) => ({ ...at(place), seq: 1 })),
  'sync.personal': door('member', (place) => ({ ...at(place), pinned: true })),
  'sync.receipts': door('member', at),
  'sync.digest': door('signedIn', () => ({})),
  'sync.draft': door('member', (place) => ({ ...at(place), text: 'unsent', baseVersion: 0 })),
  'devices.list': door('signedIn'),
  'devices.rename': door('signedIn', ({ deviceId }) => ({ deviceId, name: 'Phone' })),
  'devices.revoke': door('signedIn', ({ deviceId }) => ({ deviceId })),
  'devices.revokeOthers': door('signedIn'),
  'conversations.get': door('member', at),
  'conversations.members': door('member', at),
  'conversations.browse': door('signedIn', () => ({})),
  'conversations.openDirect': door('signedIn', ({ people }) => ({ userId: people.owner.id })),
  'conversations.createGroup': door('signedIn', ({ people }) => ({
    title: 'New',
    userIds: [people.owner.id],
  })),
  'conversations.createChannel': door('signedIn', () => ({ title: 'New', visibility: 'public' })),
  'conversations.join': door('signedIn', ({ channelId }) => ({ conversationId: channelId })),
  'conversations.rename': door('manager', (place) => ({ ...at(place), title: 'Other' })),
  'conversations.setTopic': door('manager', (place) => ({ ...at(place), topic: 'Other' })),
  'conversations.leave': door('member', at),
  'conversations.addMembers': door('manager', (place) => ({
    ...at(place),
    userIds: [place.people.stranger.id],
  })),
  'conversations.removeMember': door('manager', (place) => ({
    ...at(place),
    userId: place.people.member.id,
  })),
  'conversations.setRole': door('manager', (place) => ({
    ...at(place),
    userId: place.people.member.id,
    role: 'admin',
  })),
};
