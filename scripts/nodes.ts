import { runCommand } from './lib/command.ts';
import { NODES } from './lib/commands.mjs';
import { readFlags, UsageError } from './lib/flags.mjs';
import { build } from './lib/prepare.mjs';
import { step } from './lib/steps.mjs';
import { fetchNode } from './nodes/fetch-node.ts';
import { type Trial, tryNode } from './nodes/try-node.ts';

const DEFAULT = ['20.19.0', '22', '24', '26'];

/** Null when help was asked for. Throws UsageError. */
const readArgs = (argv: string[]): { versions: string[]; fresh: boolean } | null => {
  const flags = readFlags(NODES, argv);
  if (!flags) return null;
  for (const word of flags.words)
    if (!/^\d+(\.\d+){0,2}$/.test(word)) throw new UsageError(`"${word}" is no version of Node.`);
  return { versions: flags.words.length > 0 ? flags.words : DEFAULT, fresh: flags.values.fresh ?? false };
};

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const row = ({ version, readyMs, stopMs, faults }: Trial): string =>
  [
    faults.length > 0 ? '  ✗' : '  ✓',
    version.padEnd(10),
    seconds(readyMs).padStart(8),
    seconds(stopMs).padStart(8),
    faults.length > 0 ? '  failed' : '  passed',
  ].join(' ');

await runCommand({
  usage: NODES.usage,
  stopped: 'Stopped: nothing is left.',
  work: async (argv, signal) => {
    const args = readArgs(argv);
    if (!args) return false;
    await step('build', build);
    console.log(`\n    ${'Node'.padEnd(10)} ${'ready'.padStart(8)} ${'stopped'.padStart(8)}`);
    let isWell = true;
    for (const version of args.versions) {
      const node = await fetchNode(version, args.fresh);
      signal.throwIfAborted();
      const trial = await tryNode(node, signal);
      signal.throwIfAborted();
      isWell &&= trial.faults.length === 0;
      console.log(row(trial));
      for (const fault of trial.faults) console.error(fault);
    }
    if (!isWell) process.exitCode = 1;
    return undefined;
  },
});
