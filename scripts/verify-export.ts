import { resolve } from 'node:path';
import { verifyExport } from '@lockstep/core/exports';
import { runCommand } from './lib/command.ts';
import { VERIFY_EXPORT } from './lib/commands.mjs';
import { readFlags, UsageError } from './lib/flags.mjs';
import { StartError } from './lib/steps.mjs';

/** `npm run verify-export -- <folder>`: exit code 0 when all is as the manifest says, 1 when not. */
const work = async (argv: string[]): Promise<false | undefined> => {
  const flags = readFlags(VERIFY_EXPORT, argv);
  if (!flags) return false;
  const [folder] = flags.words;
  if (!folder) throw new UsageError('Which folder?');
  // npm runs scripts in the repository; a relative folder is meant from where the command was typed.
  const path = resolve(process.env.INIT_CWD ?? '.', folder);
  const { manifest, manifestSha256, problems, faults } = await verifyExport(path).catch((error: Error) => {
    throw new StartError(`${path} cannot be checked: ${error.message}`, { cause: error });
  });
  console.log(`Export ${manifest.exportId}: ${manifest.messages} messages, ${manifest.createdAt}`);
  console.log(`Asked for by ${JSON.stringify(manifest.createdBy.name)}: ${JSON.stringify(manifest.reason)}`);
  for (const problem of problems) console.log(`  ${problem}`);
  for (const { file, kind, line } of faults) console.log(`  ${file}: line ${line} was ${kind}`);
  const isWhole = problems.length + faults.length === 0;
  console.log(isWhole ? 'Every file is as the manifest says.' : 'Not as the manifest says.');
  console.log(`manifest.json has SHA-256 ${manifestSha256}: compare it with that in the audit log.`);
  const { n, hash } = manifest.audit;
  console.log(
    `The audit log ended with ${n}:${hash} then: Verify, on its page, says whether that is still in it.`,
  );
  if (!isWhole) process.exitCode = 1;
};

await runCommand({ usage: VERIFY_EXPORT.usage, stopped: 'Stopped. Nothing was changed.', work });
