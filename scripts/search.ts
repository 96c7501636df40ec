import { createSearchIndex } from '@lockstep/search';
import { createProgress } from './import/progress.ts';
import { runCommand } from './lib/command.ts';
import { SEARCH } from './lib/commands.mjs';
import { readFlags, UsageError } from './lib/flags.mjs';
import { nearest } from './lib/nearest.mjs';
import { readSettings } from './lib/settings.ts';
import { openWorkspace } from './lib/workspace.ts';
import { printStatus, rebuild, verify } from './search/commands.ts';

const COMMANDS = ['status', 'verify', 'rebuild'];

/** Null when help was asked for. Throws UsageError. */
const readArgs = (argv: string[]): { command: string; repair: boolean } | null => {
  const flags = readFlags(SEARCH, argv);
  const command = flags?.words[0];
  if (!flags || command === undefined) return null;
  if (!COMMANDS.includes(command)) {
    const meant = nearest(command, COMMANDS);
    throw new UsageError(`No command "${command}"${meant ? `: did you mean ${meant}?` : '.'}`);
  }
  if (flags.values.repair && command !== 'verify')
    throw new UsageError(`--repair is no option of ${command}.`);
  return { command, repair: flags.values.repair ?? false };
};

/** `npm run search -- status|verify|rebuild`. Exit code 1 when it could not, or verify found a difference; 130 when interrupted. */
const work = async (argv: string[], signal: AbortSignal): Promise<false | undefined> => {
  const args = readArgs(argv);
  if (!args) return false;
  const settings = readSettings();
  const workspace = await openWorkspace(settings);
  const index = createSearchIndex(workspace.db, settings);
  const parts = { db: workspace.db, index, createProgress, signal, print: console.log };
  try {
    await index.prepare();
    if (args.command === 'status') await printStatus(parts);
    else if (args.command === 'rebuild') await rebuild(parts);
    else if (!(await verify({ ...parts, repair: args.repair }))) process.exitCode = 1;
  } finally {
    await index.close();
    await workspace.close();
  }
};

await runCommand({ usage: SEARCH.usage, stopped: 'Stopped. Nothing is lost: run it again.', work });
