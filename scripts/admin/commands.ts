import { actions, type Core } from '@lockstep/core';
import { managedPeople, personIdByEmail } from '@lockstep/db';
import { LockstepError, type ManagedPerson, type PeopleFilter } from '@lockstep/protocol';
import { StartError } from '../lib/steps.mjs';
import type { PersonCommand } from './args.ts';

const PAGE = 1_000;

type Print = (line: string) => void;

/** Everybody with an account, one a line. */
export const listPeople = async (core: Core, filter: PeopleFilter | null, print: Print): Promise<void> => {
  const people: ManagedPerson[] = [];
  for (const one of filter ? [filter] : (['active', 'deactivated'] as const)) {
    let after: string | null = null;
    do {
      const page = await managedPeople(core.db, { query: '', filter: one, after, limit: PAGE });
      people.push(...page.people);
      after = page.next;
    } while (after);
  }
  if (people.length === 0) return print('Nobody.');
  const rows = people.map((person) => [
    person.email,
    person.role,
    person.deactivated ? 'deactivated' : 'active',
    `${person.devices} ${person.devices === 1 ? 'device' : 'devices'}`,
    person.lastActiveAt
      ? new Date(person.lastActiveAt).toISOString().slice(0, 16).replace('T', ' ')
      : 'never',
    // Last, as it may have letters of any width.
    person.name,
  ]);
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  for (const row of rows)
    print(row.map((text, at) => (at === row.length - 1 ? text : text.padEnd(widths[at] ?? 0))).join('  '));
};

const BY = 'command line';

/** Does one thing to one person and says what. Throws StartError where that is not possible. */
export const changePerson = async (
  core: Core,
  { command, email }: { command: PersonCommand; email: string },
  print: Print,
): Promise<void> => {
  const userId = await personIdByEmail(core.db, email);
  if (!userId) throw new StartError(`Nobody has the e-mail ${email}: npm run admin -- list shows everybody.`);
  const done = await run(core, command, userId).catch((error: unknown) => {
    throw error instanceof LockstepError ? new StartError(whyNot(error, command, email)) : error;
  });
  print(`${email}: ${done}`);
};

const run = async (core: Core, command: PersonCommand, userId: string): Promise<string> => {
  switch (command) {
    case 'make-admin':
      await actions.setPersonRole(BY, core, { userId, role: 'admin' });
      return 'is an admin.';
    case 'remove-admin':
      await actions.setPersonRole(BY, core, { userId, role: 'member' });
      return 'is a member.';
    case 'disable':
      await actions.setPersonActive(BY, core, { userId, active: false });
      return 'is deactivated and signed out everywhere.';
    case 'enable':
      await actions.setPersonActive(BY, core, { userId, active: true });
      return 'is active.';
    case 'sign-out': {
      const { devices } = await actions.endPersonSessions(BY, core, { userId });
      return `signed out of ${devices} ${devices === 1 ? 'device' : 'devices'}.`;
    }
    case 'reset-password': {
      const { code, expiresAt } = await actions.makeResetLink(BY, core, { userId });
      const until = new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ');
      return `a link to set a new password, for one use until ${until} UTC:\n${core.settings.PUBLIC_URL}/reset/${code}`;
    }
  }
};

const whyNot = ({ code }: LockstepError, command: PersonCommand, email: string): string => {
  if (code === 'last_admin') return `${email} is the last active admin: make somebody else an admin first.`;
  if (code === 'conflict') return `${email} is deactivated: npm run admin -- enable ${email} first.`;
  return `${command} did not work for ${email}: ${code}.`;
};
