import { randomUUID } from 'node:crypto';
import { actions, queries } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Args, readArgs } from '../admin/args.ts';
import { changePerson, listPeople } from '../admin/commands.ts';
import { printUsage } from '../admin/usage.ts';

describe('the command line of the admin', () => {
  it('is read', () => {
    expect(readArgs(['list'])).toEqual({ command: 'list', filter: null });
    expect(readArgs(['list', '--admins'])).toEqual({ command: 'list', filter: 'admins' });
    expect(readArgs(['disable', ' Ann@Example.ORG '])).toEqual({
      command: 'disable',
      email: 'ann@example.org',
    });
    expect(readArgs(['usage'])).toEqual({ command: 'usage' });
    for (const argv of [[], ['--help'], ['disable', '-h']]) expect(readArgs(argv)).toBeNull();
  });

  it.each([
    [['lst'], 'No command "lst": did you mean list?'],
    [['make-admn', 'a@example.org'], 'did you mean make-admin?'],
    [['delete', 'a@example.org'], 'No command "delete".'],
    [['disable'], 'Of whom?'],
    [['disable', 'ann'], '"ann" is no e-mail.'],
    [['disable', 'a@example.org', 'b@example.org'], 'What is "b@example.org"?'],
    [['disable', 'a@example.org', '--admins'], '--admins is no option of disable.'],
    [['list', 'a@example.org'], 'What is "a@example.org"?'],
    [['usage', 'a@example.org'], 'What is "a@example.org"?'],
    [['usage', '--admins'], '--admins is no option of usage.'],
    [['useage'], 'No command "useage": did you mean usage?'],
    [['list', '--deactivatd'], 'There is no option --deactivatd: did you mean --deactivated?'],
  ])('says what is wrong with %j', (argv, message) => {
    expect(() => readArgs(argv)).toThrow(message);
  });
});

describe('what the admin does', () => {
  let world: World;
  let ann: TestPerson;
  beforeAll(async () => {
    world = await makeWorld();
    ann = await world.person('Ann');
    await world.person('Ben', { role: 'admin' });
    await world.person('Ghost', { placeholder: true });
    await world.core.db.pool.query(`update "user" set email = lower(name) || '@example.org'`);
  });
  afterAll(() => world.close());

  const change = async (command: Extract<Args, { email: string }>['command'], name: string) => {
    const lines: string[] = [];
    const email = `${name}@example.org`;
    await changePerson(world.core, { command, email }, (line) => lines.push(line));
    return lines.join('\n');
  };
  const list = async (filter: 'admins' | 'deactivated' | null = null) => {
    const lines: string[] = [];
    await listPeople(world.core, filter, (line) => lines.push(line));
    return lines.map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'TIME').split(/ {2,}/));
  };

  it('lists, makes and removes admins, disables, enables, signs out, and makes a link', async () => {
    expect(await list()).toEqual([
      ['ann@example.org', 'member', 'active', '1 device', 'TIME', 'Ann'],
      ['ben@example.org', 'admin', 'active', '1 device', 'TIME', 'Ben'],
    ]);
    expect(await change('make-admin', 'ann')).toBe('ann@example.org: is an admin.');
    expect((await list('admins')).map(([email]) => email)).toEqual(['ann@example.org', 'ben@example.org']);
    expect(await change('remove-admin', 'ben')).toBe('ben@example.org: is a member.');
    await expect(change('remove-admin', 'ann')).rejects.toThrow(
      'ann@example.org is the last active admin: make somebody else an admin first.',
    );
    await expect(change('disable', 'ann')).rejects.toThrow('last active admin');
    expect(await change('sign-out', 'ben')).toBe('ben@example.org: signed out of 1 device.');
    expect(await change('disable', 'ben')).toContain('deactivated');
    expect(await list('deactivated')).toEqual([
      ['ben@example.org', 'member', 'deactivated', '0 devices', 'never', 'Ben'],
    ]);
    await expect(change('reset-password', 'ben')).rejects.toThrow('is deactivated');
    expect(await change('enable', 'ben')).toBe('ben@example.org: is active.');
    const [, code = ''] = /^http:\/\/chat\.example\.org\/reset\/(\S+)$/m.exec(
      await change('reset-password', 'ben'),
    ) ?? [''];
    expect(await actions.isResetCode(world.core, code)).toBe(true);
    const { entries } = await queries.listAudit({ ...ann.actor, role: 'admin' }, world.core, { limit: 50 });
    expect(entries.map(({ action }) => action).reverse()).toEqual([
      'role',
      'role',
      'signOut',
      'deactivate',
      'reactivate',
      'resetLink',
    ]);
    expect(new Set(entries.map(({ actorName }) => actorName))).toEqual(new Set(['command line']));
  });

  it('knows nobody else, and no name from an import', async () => {
    for (const name of ['nobody', 'ghost'])
      await expect(change('disable', name)).rejects.toThrow(`Nobody has the e-mail ${name}@example.org`);
  });
});

describe('what is said of usage', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world.close());

  const usage = async () => {
    const lines: string[] = [];
    await printUsage(world.core, (line) => lines.push(line));
    return Object.fromEntries(lines.map((line) => [line.slice(0, 14).trim(), line.slice(15)]));
  };

  it('counts people, devices and messages, by time, and the sizes', async () => {
    const ann = await world.person('Ann', { role: 'admin' });
    const ben = await world.person('Ben');
    await world.device(ben);
    await world.person('Ghost', { placeholder: true });
    const gone = await world.person('Gone');
    await actions.setPersonActive('command line', world.core, { userId: gone.id, active: false });
    const { conversation } = await actions.createGroup(ann.actor, world.core, {
      title: 'Trip',
      userIds: [ben.id],
    });
    for (const body of ['one', 'two', 'three'])
      await actions.sendMessage(ann.actor, world.core, {
        conversationId: conversation.id,
        clientId: randomUUID(),
        body,
      });
    const { pool } = world.core.db;
    await pool.query(`update message set created_at = now() - interval '3 days' where body = 'one'`);
    await pool.query(`update message set created_at = now() - interval '300 days' where body = 'two'`);
    await pool.query(`update session set last_active_at = now() - interval '8 days' where user_id = $1`, [
      ben.id,
    ]);
    expect(await usage()).toEqual({
      People: '2 active, 1 of them admins; 1 deactivated, 1 only in imports',
      'Were there': '1 within a day, 1 within 7, 2 within 30',
      Devices: '4 signed in',
      Conversations: '0 one-to-one, 1 groups, 0 channels',
      Messages: '3; 1 within a day, 2 within 7, 2 within 30',
      Database: expect.stringMatching(/^\d+\.\d MB; largest: (\w+ \d+\.\d MB(, )?){5}$/),
    });
  });
});
