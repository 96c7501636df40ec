import { relative, resolve } from 'node:path';
import { readArgs } from './import/args.ts';
import { createProgress } from './import/progress.ts';
import { writeReport } from './import/report.ts';
import { type ImportSummary, importIrc } from './import/run.ts';
import { runCommand } from './lib/command.ts';
import { IMPORT } from './lib/commands.mjs';
import { readSettings } from './lib/settings.ts';
import { openWorkspace } from './lib/workspace.ts';

/** So many assumptions about times are printed; all of them are in the report. */
const SHOWN_NOTES = 5;

const number = new Intl.NumberFormat('en');

/** `npm run import -- irc <folder> --channel <name>`. Exit code 1 when it could not, 130 when it was interrupted. */
const work = async (argv: string[], signal: AbortSignal): Promise<false | undefined> => {
  const args = readArgs(argv);
  if (!args) return false;
  const began = performance.now();
  const settings = readSettings();
  // npm runs scripts in the repository; a relative folder is meant from where the command was typed.
  const folder = resolve(process.env.INIT_CWD ?? '.', args.folder);
  const workspace = await openWorkspace(settings);
  try {
    const summary = await importIrc(workspace.db, {
      ...args,
      folder,
      threshold: settings.FANOUT_THRESHOLD,
      createProgress,
      signal,
    });
    const report = writeReport(settings.DATA_DIR, summary);
    print(args.title, summary, (performance.now() - began) / 1000, report);
  } finally {
    await workspace.close();
  }
};

const print = (title: string, summary: ImportSummary, seconds: number, report: string | null): void => {
  const { files, lines, messages, systemMessages, people, newPeople, added, unreadable, skipped } = summary;
  const notes = summary.timeNotes;
  const reportPath = report ? relative('.', report) : '';
  const all = messages + systemMessages;
  console.log(
    [
      `#${title}: ${number.format(lines)} lines of ${files} files in ${seconds.toFixed(1)} s`,
      `  ${number.format(messages)} messages and ${number.format(systemMessages)} system messages, ` +
        (added === all ? 'all new' : `${number.format(added)} of them new, the others were there already`),
      `  ${number.format(people)} people, ${number.format(newPeople)} of them new`,
      unreadable.length + skipped.length > 0
        ? `  Left out: ${number.format(unreadable.length)} lines, ${skipped.length} files, listed in ${reportPath}`
        : '  Every line was read',
      ...notes.slice(0, SHOWN_NOTES).map(({ file, line, text }) => `  ${file}:${line}: ${text}`),
      ...(notes.length > SHOWN_NOTES
        ? [
            `  Assumed about times in ${number.format(notes.length)} places, all of them listed in ${reportPath}`,
          ]
        : []),
      summary.owner
        ? `  Owner: ${summary.owner}`
        : '  There is no account yet: make one in the browser, then run the import again to own the channel, or join it from the list of channels.',
    ].join('\n'),
  );
};

await runCommand({
  usage: IMPORT.usage,
  stopped: 'Stopped. What is imported stays; run the same command again to go on.',
  work,
});
