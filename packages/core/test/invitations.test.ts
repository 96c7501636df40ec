import { actions, type Device, queries } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const device: Device = { ipAddress: '192.0.2.7', userAgent: null };

describe('invitations', () => {
  let world: World;
  let admin: TestPerson;
  let member: TestPerson;
  beforeEach(async () => {
    world = await makeWorld({ SIGN_UP: 'invitation' });
    admin = await world.person('Admin', { role: 'admin' });
    member = await world.person('Member');
  });
  afterEach(() => world.close());

  const signUp = (n: number, invitation?: string) =>
    actions.signUp(
      world.core,
      { name: `New ${n}`, email: `new${n}@example.org`, password: 'correct horse', invitation },
      device,
    );
  const invite = (input: { days?: number; uses?: number; claims?: string } = {}) =>
    actions.createInvitation(admin.actor, world.core, device, { days: 7, uses: 1, ...input });

  test.each(['invitation', 'open'] as const)(
    'an unknown one, a used one, an expired one, a revoked one: invitation_required, also where sign-up is %s',
    async (mode) => {
      await actions.setSignUp(admin.actor, world.core, device, { mode });
      const required = { code: 'invitation_required' };
      await expect(signUp(1, 'nonsense')).rejects.toMatchObject(required);
      const used = await invite();
      expect((await signUp(1, used.code)).me).toMatchObject({ name: 'New 1', role: 'member' });
      await expect(signUp(2, used.code)).rejects.toMatchObject(required);
      const expired = await invite();
      await world.core.db.pool.query(
        "update invitation set expires_at = now() - interval '1 second' where id = $1",
        [expired.id],
      );
      await expect(signUp(2, expired.code)).rejects.toMatchObject(required);
      const revoked = await invite();
      await actions.revokeInvitation(admin.actor, world.core, device, { invitationId: revoked.id });
      await expect(signUp(2, revoked.code)).rejects.toMatchObject(required);
      // Without one: that is what the page offers where sign-up is open.
      if (mode === 'open') expect((await signUp(2)).me).toMatchObject({ name: 'New 2', role: 'member' });
      else await expect(signUp(2)).rejects.toMatchObject(required);
    },
  );

  test('uses are counted exactly when many come at once', async () => {
    const { code } = await invite({ uses: 2 });
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => signUp(n, code)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });

  test('a sign-up that fails gives its use back', async () => {
    const first = await invite();
    await signUp(1, first.code);
    const { code } = await invite();
    await expect(signUp(1, code)).rejects.toMatchObject({ code: 'conflict' });
    expect((await signUp(2, code)).me.name).toBe('New 2');
  });

  test('claiming a placeholder keeps the person and the messages', async () => {
    const ghost = await world.person('jdoe', { placeholder: true });
    const channel = await actions.createChannel(ghost.actor, world.core, {
      title: 'history',
      visibility: 'public',
      userIds: [],
    });
    const { code } = await invite({ claims: ghost.id });
    const { me } = await signUp(1, code);
    expect(me).toMatchObject({ id: ghost.id, name: 'New 1', placeholder: false, email: 'new1@example.org' });
    const actor = { userId: me.id, sessionId: me.sessionId, role: me.role };
    const page = await queries.messagesBefore(actor, world.core, {
      conversationId: channel.conversation.id,
      limit: 10,
    });
    expect(page.messages.map((message) => message.senderId)).toEqual([ghost.id]);
    await expect(
      actions.signIn(world.core, { email: me.email, password: 'correct horse' }, device),
    ).resolves.toMatchObject({ me: { id: ghost.id } });
  });

  test('two invitations for one placeholder: the second comes too late', async () => {
    const ghost = await world.person('jdoe', { placeholder: true });
    const [one, two] = [await invite({ claims: ghost.id }), await invite({ claims: ghost.id })];
    const results = await Promise.allSettled([signUp(1, one.code), signUp(2, two.code)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(invite({ claims: ghost.id })).rejects.toMatchObject({ code: 'not_found' });
    await expect(invite({ claims: member.id })).rejects.toMatchObject({ code: 'not_found' });
    await expect(invite({ claims: ghost.id, uses: 2 })).rejects.toMatchObject({
      code: 'invalid_input',
      data: { issues: [{ path: 'uses', message: 'an invitation that claims a person has one use' }] },
    });
  });

  test('only a hash is stored, and the list does not tell codes', async () => {
    const made = await invite({ days: 3, uses: 5 });
    const { rows } = await world.core.db.pool.query('select * from invitation');
    expect(JSON.stringify(rows)).not.toContain(made.code);
    const { code: _, ...listed } = made;
    expect(await queries.listInvitations(admin.actor, world.core)).toEqual([listed]);
    expect((listed.expiresAt - listed.createdAt) / 86_400_000).toBeCloseTo(3, 5);
  });

  test('members of the workspace make, list and revoke none, and do not open sign-up', async () => {
    const { id } = await invite();
    const forbidden = { code: 'forbidden' };
    await expect(
      actions.createInvitation(member.actor, world.core, device, { days: 1, uses: 1 }),
    ).rejects.toMatchObject(forbidden);
    await expect(queries.listInvitations(member.actor, world.core)).rejects.toMatchObject(forbidden);
    await expect(
      actions.revokeInvitation(member.actor, world.core, device, { invitationId: id }),
    ).rejects.toMatchObject(forbidden);
    await expect(actions.setSignUp(member.actor, world.core, device, { mode: 'open' })).rejects.toMatchObject(
      forbidden,
    );
  });

  test('an admin opens sign-up, and closes it again', async () => {
    expect(await queries.getWorkspaceStatus(world.core)).toEqual({ ready: true, signUp: 'invitation' });
    await actions.setSignUp(admin.actor, world.core, device, { mode: 'open' });
    expect((await signUp(1)).me.role).toBe('member');
    await actions.setSignUp(admin.actor, world.core, device, { mode: 'invitation' });
    await expect(signUp(2)).rejects.toMatchObject({ code: 'invitation_required' });
  });

  test('who may sign up, and what was made and revoked, is in the audit log; what did not happen is not', async () => {
    const { id, code } = await invite({ days: 3, uses: 2 });
    const ghost = await world.person('jdoe', { placeholder: true });
    const claiming = await invite({ claims: ghost.id });
    await actions.revokeInvitation(admin.actor, world.core, device, { invitationId: id });
    await expect(
      actions.revokeInvitation(admin.actor, world.core, device, { invitationId: id }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await actions.setSignUp(admin.actor, world.core, device, { mode: 'open' });
    const { entries } = await queries.listAudit(admin.actor, world.core, { limit: 10 });
    expect(entries.map(({ action, asked }) => ({ action, asked })).reverse()).toEqual([
      { action: 'invitation', asked: { made: id, days: 3, uses: 2, claims: null } },
      { action: 'invitation', asked: { made: claiming.id, days: 7, uses: 1, claims: ghost.id } },
      { action: 'invitation', asked: { revoked: id } },
      { action: 'setting', asked: { signUp: 'open' } },
    ]);
    expect(entries[0]).toMatchObject({ actorId: admin.id, address: '192.0.2.7', actorName: 'Admin' });
    expect(JSON.stringify(entries)).not.toContain(code);
  });

  test('the very first account needs no invitation', async () => {
    const empty = await makeWorld({ SIGN_UP: 'invitation' });
    try {
      expect(await queries.getWorkspaceStatus(empty.core)).toEqual({ ready: false, signUp: 'invitation' });
      const { me } = await actions.signUp(
        empty.core,
        { name: 'First', email: 'first@example.org', password: 'correct horse' },
        device,
      );
      expect(me.role).toBe('admin');
    } finally {
      await empty.close();
    }
  });
});
