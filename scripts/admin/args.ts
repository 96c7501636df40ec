import { commands } from '@lockstep/protocol';
import { ADMIN } from '../lib/commands.mjs';
import { readFlags, UsageError } from '../lib/flags.mjs';
import { nearest } from '../lib/nearest.mjs';

export const OF_A_PERSON = [
  'make-admin',
  'remove-admin',
  'disable',
  'enable',
  'reset-password',
  'sign-out',
] as const;
export type PersonCommand = (typeof OF_A_PERSON)[number];

export type Args =
  | { command: 'list'; filter: 'active' | 'admins' | 'deactivated' | null }
  | { command: 'usage' }
  | { command: PersonCommand; email: string };

/** Null when help was asked for. Throws UsageError. */
export const readArgs = (argv: string[]): Args | null => {
  const flags = readFlags(ADMIN, argv);
  const [command, who] = flags?.words ?? [];
  if (!flags || command === undefined) return null;
  const { admins, deactivated } = flags.values;
  if (command === 'list') {
    if (who !== undefined) throw new UsageError(`What is "${who}"?`);
    if (admins && deactivated) throw new UsageError('--admins or --deactivated, not both.');
    return { command, filter: admins ? 'admins' : deactivated ? 'deactivated' : null };
  }
  if (command !== 'usage' && !isOfAPerson(command)) {
    const meant = nearest(command, ['list', 'usage', ...OF_A_PERSON]);
    throw new UsageError(`No command "${command}"${meant ? `: did you mean ${meant}?` : '.'}`);
  }
  if (admins || deactivated)
    throw new UsageError(`--${admins ? 'admins' : 'deactivated'} is no option of ${command}.`);
  if (command === 'usage') {
    if (who !== undefined) throw new UsageError(`What is "${who}"?`);
    return { command };
  }
  if (who === undefined) throw new UsageError(`Of whom? Give the e-mail: ${command} ann@example.org`);
  const email = commands.email.safeParse(who);
  if (!email.success) throw new UsageError(`"${who}" is no e-mail.`);
  return { command, email: email.data };
};

const isOfAPerson = (command: string): command is PersonCommand =>
  (OF_A_PERSON as readonly string[]).includes(command);
