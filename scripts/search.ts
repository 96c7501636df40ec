import { loadSettings, SettingsError } from '@lockstep/core/settings';
import { createSearchIndex } from '@lockstep/search';
import { openStore } from './import/database.ts';
import { Problem } from './import/problem.ts';
import { createProgress } from './import/progress.ts';
import { printStatus, rebuild, verify } from './search/commands.ts';

const USAGE = `Usage: npm run search -- <command>

  status             how far the index reaches, of each conversation that is behind
  verify [--repair]  compares the index with the messages and names every difference; --repair also mends them
  rebuild            makes the index again, while people search`;

/** `npm run search -- status|verify|rebuild`. Exit code 1 when it could not, or verify found a difference; 130 when interrupted. */
const main = async (): Promise<void> => {
  const [command, ...options] = process.argv.slice(2);
  const unknown = options.find((option) => !(command === 'verify' && option === '--repair'));
  if (command === undefined || command === '--help' || command === '-h') return console.log(USAGE);
  if (!['status', 'verify', 'rebuild'].includes(command)) throw new Problem(`No command "${command}".`, true);
  if (unknown) throw new Problem(`"${unknown}" is no option of ${command}.`, true);
  const settings = loadSettings();
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const store = await openStore(settings);
  const index = createSearchIndex(store.db, settings);
  const parts = { db: store.db, index, createProgress, signal: stopping.signal, print: console.log };
  try {
    await index.prepare();
    if (command === 'status') await printStatus(parts);
    else if (command === 'rebuild') await rebuild(parts);
    else if (!(await verify({ ...parts, repair: options.includes('--repair') }))) process.exitCode = 1;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    console.error('Stopped. Nothing is lost: run it again.');
    process.exitCode = 130;
  } finally {
    await index.close();
    await store.close();
  }
};

main().catch((error) => {
  if (!(error instanceof Problem || error instanceof SettingsError)) throw error;
  console.error(error.message);
  if (error instanceof Problem && error.showUsage) console.error(`\n${USAGE}`);
  process.exitCode = 1;
});
