import { checkBackup, restoreFrom } from './backup/commands.ts';
import { runCommand } from './lib/command.ts';
import { RESTORE } from './lib/commands.mjs';
import { readFlags, UsageError } from './lib/flags.mjs';
import { readSettings } from './lib/settings.ts';

/** `npm run restore -- --from <folder>`. Exit code 1 when it could not, 130 when interrupted. */
const work = async (argv: string[], signal: AbortSignal): Promise<false | undefined> => {
  const flags = readFlags(RESTORE, argv);
  if (!flags) return false;
  const { from, verify } = flags.values;
  if (from === undefined) throw new UsageError('From which folder? Give --from <folder>.');
  if (verify) await checkBackup(from, { signal, print: console.log });
  else await restoreFrom(from, { settings: readSettings(), signal, print: console.log });
};

await runCommand({
  usage: RESTORE.usage,
  stopped: 'Stopped. Give the same command again, and it goes on.',
  work,
});
