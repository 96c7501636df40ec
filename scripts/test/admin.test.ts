import { actions, queries } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Args, readArgs } from '../admin/args.ts';
import { changePerson, listPeople } from '../admin/commands.ts';

describe('the command line of the admin', () => {
  it('is read', () => {
    expect(readArgs(['list'])).toEqual({ command: 'list', filter: null });
    expect(readArgs(['list', '--admins'])).toEqual({ command: 'list', filter: 'admins' });
    expect(readArgs(['disable', ' Ann@Example.ORG '])).toEqual({
      command: 'disable',
      email: 'ann@example.org',
    });
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
