import { createCore, silentPublisher } from '@lockstep/core';
import pino from 'pino';
import { readArgs } from './admin/args.ts';
import { changePerson, listPeople } from './admin/commands.ts';
import { printUsage } from './admin/usage.ts';
import { runCommand } from './lib/command.ts';
import { ADMIN } from './lib/commands.mjs';
import { readSettings } from './lib/settings.ts';
import { openWorkspace } from './lib/workspace.ts';

/** `npm run admin -- <command>`: people of the workspace, for operators. Exit code 1 when it could not. */
const work = async (argv: string[]): Promise<false | undefined> => {
  const args = readArgs(argv);
  if (!args) return false;
  const settings = readSettings();
  const workspace = await openWorkspace(settings);
  try {
    // Running processes are notified of a change by the database.
    const core = createCore({
      db: workspace.db,
      settings,
      publish: silentPublisher,
      enqueueConversations: () => {},
      log: pino({ level: 'silent' }),
    });
    if (args.command === 'list') await listPeople(core, args.filter, console.log);
    else if (args.command === 'usage') await printUsage(core, console.log);
    else await changePerson(core, args, console.log);
  } finally {
    await workspace.close();
  }
};

await runCommand({ usage: ADMIN.usage, stopped: 'Stopped. Look with "list" what was done.', work });
