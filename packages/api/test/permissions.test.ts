import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actions } from '@lockstep/core';
import { type Name, procedures } from '@lockstep/protocol/contract';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CASES } from './cases.ts';
import { type Fixture, makeFixture, makePeople, type People } from './fixture.ts';
import { type ApiServer, startApi } from './server.ts';

test('every entry of the contract has a case, and nothing else', () => {
  expect(Object.keys(CASES).sort()).toEqual([...procedures.keys()].sort());
  expect(procedures.size).toBeGreaterThan(60);
});

describe('every procedure', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lockstep-permissions-'));
  let world: World;
  let api: ApiServer;
  let people: People;
  let fixture: Fixture;
  beforeAll(async () => {
    world = await makeWorld({ DATA_DIR: dataDir });
    api = await startApi(world.core);
    people = await makePeople(world);
    const known = { name: 'Known', email: 'known@example.org', password: 'correct horse' };
    await actions.signUp(world.core, known, { ipAddress: null, userAgent: null });
  });
  afterAll(async () => {
    await api.close();
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    fixture = await makeFixture(world, people);
  });

  const codeFor = async (path: Name, cookie?: string) => {
    const { status, error } = await api.call(path, CASES[path].input(fixture), { cookie });
    return status === 200 && !error ? 'ok' : error?.code;
  };
  const staleCookie = async () => {
    const { sessionId, cookie } = await world.device(people.owner);
    expect(await codeFor('me.get', cookie)).toBe('ok');
    await actions.signOut({ userId: people.owner.id, sessionId, role: 'member' }, world.core);
    return cookie;
  };

  test.each([...procedures].filter(([, { access, input }]) => access !== 'anyone' && input))(
    '%s: who may not call it is told so, whatever the input is; nobody else learns what it has to be',
    async (path, { access }) => {
      const codeOf = async (cookie?: string) =>
        (await api.call(path, { nonsense: true }, { cookie })).error?.code;
      expect(await codeOf()).toBe('unauthenticated');
      expect(await codeOf(people.member.cookie)).toBe(access === 'admin' ? 'forbidden' : 'invalid_input');
      expect(await codeOf(people.admin.cookie)).toBe('invalid_input');
    },
  );

  for (const [path, { access }] of procedures) {
    const { who } = CASES[path];
    test(`${path} (${who ?? access})`, async () => {
      const { admin, owner, member, removed, stranger } = people;
      const expectFor = async (who: TestPerson, code: string) =>
        expect(await codeFor(path, who.cookie), who.name).toBe(code);
      if (access === 'anyone') {
        expect(await codeFor(path)).toBe('ok');
        return;
      }
      expect(await codeFor(path), 'anonymous').toBe('unauthenticated');
      expect(await codeFor(path, await staleCookie()), 'stale session').toBe('unauthenticated');
      const forged = owner.cookie.replace(/.{4}$/, 'AAAA');
      expect(await codeFor(path, forged), 'forged session').toBe('unauthenticated');
      if (access === 'admin') {
        await expectFor(member, 'forbidden');
        await expectFor(admin, 'ok');
        return;
      }
      if (who === 'signedIn') {
        await expectFor(stranger, 'ok');
        return;
      }
      await expectFor(stranger, 'not_found');
      await expectFor(removed, 'not_found');
      // Admins of the workspace are no members either.
      await expectFor(admin, 'not_found');
      if (who !== 'member') await expectFor(member, 'forbidden');
      await expectFor(who === 'member' ? member : owner, 'ok');
    });
  }

  test('a private channel cannot be joined by its id', async () => {
    const { status, error } = await api.call(
      'conversations.join',
      { conversationId: fixture.conversationId },
      { cookie: people.stranger.cookie },
    );
    expect([status, error?.code]).toEqual([404, 'not_found']);
  });

  test('missing and forbidden conversations give the same error (rule 10)', async () => {
    const ask = (conversationId: string) =>
      api.call('conversations.get', { conversationId }, { cookie: people.stranger.cookie });
    const [hidden, absent] = [await ask(fixture.conversationId), await ask(crypto.randomUUID())];
    expect(hidden.text).toBe(absent.text);
  });

  test('a session that has ended gives the reason, also on the fast path of a send', async () => {
    const why = async (cookie?: string) => {
      const answers = [
        await api.call('me.get', undefined, { cookie }),
        await api.call('messages.send', {}, { cookie }),
      ];
      return answers.map(({ status, error }) => [status, error?.code, error?.ended]);
    };
    const twice = (ended?: string) => Array(2).fill([401, 'unauthenticated', ended]);
    const [revoked, expired] = [await world.device(people.stranger), await world.device(people.stranger)];
    await actions.revokeDevice(people.stranger.actor, world.core, { deviceId: revoked.sessionId });
    await world.core.db.pool.query(
      "update session set expires_at = now() - interval '1 second' where id = $1",
      [expired.sessionId],
    );
    expect(await why(revoked.cookie)).toEqual(twice('revoked'));
    expect(await why(expired.cookie)).toEqual(twice('expired'));
    expect(await why()).toEqual(twice());
    expect(await why(revoked.cookie.replace(/.{4}$/, 'AAAA'))).toEqual(twice());
  });

  test('a session that ends between two requests is refused at the second', async () => {
    const { cookie, actor } = await world.person('Leaver');
    expect(await codeFor('me.get', cookie)).toBe('ok');
    await api.call('auth.signOut', undefined, { cookie });
    expect(await codeFor('me.get', cookie)).toBe('unauthenticated');
    expect(world.published.of('ended')).toContainEqual({
      to: 'ended',
      target: { userId: actor.userId, sessionId: actor.sessionId },
      reason: 'signed_out',
    });
  });
});
