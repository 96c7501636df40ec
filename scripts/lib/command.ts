import { SettingsError } from '@lockstep/core/settings';
import { UsageError } from './flags.mjs';
import { StartError } from './steps.mjs';

export interface Command {
  /** Printed for `--help` and below a fault of the command line. */
  usage: string;
  /** Printed when the command was interrupted: what holds, and how to go on. */
  stopped: string;
  /** Does the work; returns false when `--help` was asked for. `signal` is aborted by Ctrl-C or `kill`. */
  work: (argv: string[], signal: AbortSignal) => Promise<false | undefined>;
}

/**
 * Runs a command of the command line. Errors that a person can fix are printed as one line, others with their stack.
 * Exit code 0, 1 for a fault or what `work` set, 130 when it was interrupted.
 */
export const runCommand = async ({ usage, stopped, work }: Command): Promise<void> => {
  const stopping = new AbortController();
  // On, not once: npm passes a Ctrl-C on that we have already got from the terminal.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  // The reader of our output has closed the pipe (`npm run search -- status | head -1`).
  process.stdout.on('error', () => process.exit());
  try {
    if ((await work(process.argv.slice(2), stopping.signal)) === false) console.log(usage);
  } catch (error) {
    if (stopping.signal.aborted) {
      console.error(stopped);
      process.exitCode = 130;
      return;
    }
    process.exitCode = 1;
    if (!(error instanceof StartError || error instanceof SettingsError)) throw error;
    console.error(error.message);
    if (error instanceof UsageError) console.error(`\n${usage}`);
  }
};
