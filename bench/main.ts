import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchArgs, type BenchResult, finish } from './report.ts';

/** `npm run bench -- <name> [--option value ...]`: runs `bench/<name>.ts`, which exports `run(args)`. */

const folder = dirname(fileURLToPath(import.meta.url));

const exportsRun = async (name: string): Promise<((args: BenchArgs) => Promise<BenchResult>) | undefined> =>
  (await import(`./${name}.ts`)).run;

/** `--seconds 5 --plan` as `{ seconds: '5', plan: 'true' }`. */
const parse = (words: string[]): BenchArgs => {
  const args: Record<string, string> = {};
  for (let i = 0; i < words.length; i++) {
    const [name, inline] = (words[i] as string).split('=', 2) as [string, string?];
    if (!name.startsWith('--')) throw new Error(`"${name}" is not an option: they start with --`);
    const next = words[i + 1];
    const value = inline ?? (next === undefined || next.startsWith('--') ? 'true' : words[++i]);
    args[name.slice(2)] = value as string;
  }
  return args;
};

const main = async () => {
  const [name, ...words] = process.argv.slice(2);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, ''));
  const run =
    name && /^[a-z-]+$/.test(name) && name !== 'main' && files.includes(name)
      ? await exportsRun(name)
      : undefined;
  if (!run) {
    const names = files.filter((file) => !['main', 'report'].includes(file)).join(' | ');
    throw new Error(`npm run bench -- <${names}> [--seconds N ...]`);
  }
  finish(await run(parse(words)));
};

main().catch((error: Error) => {
  console.error(process.env.DEBUG ? error : error.message);
  process.exitCode = 1;
});
