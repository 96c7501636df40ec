import { actions } from '@lockstep/core';
import { workExports } from '@lockstep/core/exports';
import { setPassword } from '@lockstep/db';
import type { TestPerson, World } from '@lockstep/testing';

/** A conversation to be refused at: the owner wrote message 3, `removed` was a member. */
export interface Fixture {
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

export const makeFixture = async (world: World, people: People): Promise<Fixture> => {
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
