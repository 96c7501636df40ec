import { checkCommandLine, endWith } from '../scripts/lib/command-line.mjs';
import { COMMANDS } from '../scripts/lib/commands.mjs';
import { type BenchArgs, type BenchResult, finish } from './report.ts';

/** `npm run bench -- <name> [--option value ...]`: runs `bench/<name>.ts`, which exports `run(args)`. */

const { usage = '' } = COMMANDS.bench ?? {};

const readArgs = () => {
  try {
    return checkCommandLine('bench', process.argv.slice(2));
  } catch (error) {
    return endWith(error, usage);
  }
};

const flags = readArgs();
if (flags) {
  const { run }: { run: (args: BenchArgs) => Promise<BenchResult> } = await import(`./${flags.words[0]}.ts`);
  await run(flags.values as BenchArgs)
    .then(finish)
    .catch((error: Error) => {
      console.error(process.env.DEBUG ? error : error.message);
      process.exitCode = 1;
    });
} else console.log(usage);
