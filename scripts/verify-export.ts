import { verifyExport } from '@lockstep/core/exports';

/** `npm run verify-export -- <folder>`: exit code 0 when all is as it was written, 1 when not. Reads files only. */
const [folder] = process.argv.slice(2);
if (!folder || folder.startsWith('-')) {
  console.error('Usage: npm run verify-export -- <folder with manifest.json and the files beside it>');
  process.exit(1);
}
try {
  const { manifest, manifestSha256, problems, faults } = await verifyExport(folder);
  console.log(`Export ${manifest.exportId}: ${manifest.messages} messages, ${manifest.createdAt}`);
  console.log(`Asked for by ${JSON.stringify(manifest.createdBy.name)}: ${JSON.stringify(manifest.reason)}`);
  console.log(`manifest.json has SHA-256 ${manifestSha256}; the audit log has it too.`);
  for (const problem of problems) console.log(`  ${problem}`);
  for (const { file, kind, line } of faults) console.log(`  ${file}: line ${line} was ${kind}`);
  const isWhole = problems.length + faults.length === 0;
  console.log(isWhole ? 'Every file is as it was written.' : 'Not as it was written.');
  process.exitCode = isWhole ? 0 : 1;
} catch (error) {
  console.error(`Cannot be checked: ${(error as Error).message}`);
  process.exitCode = 1;
}
