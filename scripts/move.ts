import { moveTo } from './backup/move.ts';
import { runCommand } from './lib/command.ts';
import { MOVE } from './lib/commands.mjs';
import { readFlags, UsageError } from './lib/flags.mjs';
import { readSettings } from './lib/settings.ts';

/** `npm run move -- --to <address or folder>`. Exit code 1 when it could not, 130 when interrupted. */
const work = async (argv: string[], signal: AbortSignal): Promise<false | undefined> => {
  const flags = readFlags(MOVE, argv);
  if (!flags) return false;
  const { to } = flags.values;
  if (to === undefined) throw new UsageError('Where to? Give --to postgresql://… or --to <folder>.');
  await moveTo(to, { settings: readSettings(), signal, print: console.log });
};

await runCommand({
  usage: MOVE.usage,
  stopped: 'Stopped. Nothing has changed where the workspace is. Given again, it begins anew.',
  work,
});
