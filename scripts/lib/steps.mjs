/** A fault that a person can mend: shown as its one line, without a stack, and the exit code is 1. */
export class StartError extends Error {
  name = 'StartError';
}

/** Runs one step and prints what it did and how long it took. `work` returns a few words, or null for "nothing to do". */
export const step = async (name, work) => {
  const started = performance.now();
  const result = await work();
  if (result === null) return;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`  ${name.padEnd(12)} ${`${seconds} s`.padStart(8)}   ${result}`);
};

/**
 * The one line of an error, with the usage where the command line was at fault. Where it is not one that we made, the
 * whole of it follows, for a bug report.
 */
export const printFault = (error, usage = '') => {
  const known = ['StartError', 'UsageError', 'SettingsError', 'SchemaError'].includes(error.name);
  console.error(`\n${error.message}`);
  if (error.name === 'UsageError' && usage) console.error(`\n${usage}`);
  if (!known && process.env.LOG_LEVEL === 'debug') console.error(error.stack);
};
