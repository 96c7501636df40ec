import { relative, resolve } from 'node:path';
import { loadSettings, SettingsError } from '@lockstep/core/settings';
import { readArgs, USAGE } from './import/args.ts';
import { openStore } from './import/database.ts';
import { Problem } from './import/problem.ts';
import { createProgress } from './import/progress.ts';
import { writeReport } from './import/report.ts';
import { type ImportSummary, importIrc } from './import/run.ts';

const number = new Intl.NumberFormat('en');

/** `npm run import -- irc <folder> --channel <name>`. Exit code 1 when it could not, 130 when it was interrupted. */
const main = async (): Promise<void> => {
  const args = readArgs(process.argv.slice(2));
  if (!args) return console.log(USAGE);
  const began = performance.now();
  const settings = loadSettings();
  // npm runs scripts in the repository; a relative folder is meant from where the command was typed.
  const folder = resolve(process.env.INIT_CWD ?? '.', args.folder);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const store = await openStore(settings);
  try {
    const summary = await importIrc(store.db, {
      ...args,
      folder,
      threshold: settings.FANOUT_THRESHOLD,
      createProgress,
      signal: stopping.signal,
    });
    const report = writeReport(settings.DATA_DIR, summary);
    print(args.title, summary, (performance.now() - began) / 1000, report);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    console.error('Stopped. What is imported stays; run the same command again to go on.');
    process.exitCode = 130;
  } finally {
    await store.close();
  }
};

const print = (title: string, summary: ImportSummary, seconds: number, report: string | null): void => {
  const { files, lines, messages, systemMessages, people, newPeople, added, unreadable, skipped } = summary;
  const all = messages + systemMessages;
  console.log(
    [
      `#${title}: ${number.format(lines)} lines of ${files} files in ${seconds.toFixed(1)} s`,
      `  ${number.format(messages)} messages and ${number.format(systemMessages)} system messages, ` +
        (added === all ? 'all new' : `${number.format(added)} of them new, the others were there already`),
      `  ${number.format(people)} people, ${number.format(newPeople)} of them new`,
      report
        ? `  Left out: ${number.format(unreadable.length)} lines, ${skipped.length} files, listed in ${relative('.', report)}`
        : '  Every line was read',
      summary.owner
        ? `  Owner: ${summary.owner}`
        : '  There is no account yet: make one in the browser, then run the import again to own the channel, or join it from the list of channels.',
    ].join('\n'),
  );
};

main().catch((error) => {
  if (!(error instanceof Problem || error instanceof SettingsError)) throw error;
  console.error(error.message);
  if (error instanceof Problem && error.showUsage) console.error(`\n${USAGE}`);
  process.exitCode = 1;
});
