import { checkBackup, makeBackup } from './backup/commands.ts';
import { runCommand } from './lib/command.ts';
import { BACKUP } from './lib/commands.mjs';
import { readFlags, UsageError } from './lib/flags.mjs';
import { readSettings } from './lib/settings.ts';

/** `npm run backup -- [--to <folder> | --verify <folder>]`. Exit code 1 when it could not, or the backup is damaged. */
const work = async (argv: string[], signal: AbortSignal): Promise<false | undefined> => {
  const flags = readFlags(BACKUP, argv);
  if (!flags) return false;
  const { to, verify } = flags.values;
  if (to !== undefined && verify !== undefined) throw new UsageError('--to or --verify, not both.');
  if (verify !== undefined) await checkBackup(verify, { signal, print: console.log });
  else await makeBackup(to, { settings: readSettings(), signal, print: console.log });
};

await runCommand({ usage: BACKUP.usage, stopped: 'Stopped. Nothing of it is left.', work });
