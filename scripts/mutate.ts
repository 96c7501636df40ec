import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine, wholeNumber } from './lib/command-line.mjs';
import { MUTATE } from './lib/commands.mjs';
import { directDependents } from './lib/import-directions.ts';
import { testFiles } from './lib/test-files.ts';
import { importGraph } from './mutate/graph.ts';
import { keyOf, type Mutant, mutantsOf, sample } from './mutate/mutants.ts';
import { startPostgres, type TestPostgres } from './mutate/postgres.ts';
import { describe, type Result, scoreOf, table } from './mutate/report.ts';
import {
  changedLines,
  equivalence,
  packageFolder,
  packageOf,
  readEquivalents,
  sourcesOf,
} from './mutate/targets.ts';
import { openBench, type Verdict } from './mutate/variants.ts';

/** `npm run mutate`: puts faults into the sources, one at a time, and looks whether a test sees each (docs/testing.md). */

const root = fileURLToPath(new URL('../', import.meta.url)).replace(/\/$/, '');
const EQUIVALENTS = join(root, 'scripts/mutate/equivalent.json');

const { values: given } = commandLine(MUTATE);
const values = {
  base: 'main',
  seed: '1',
  out: 'test-results/mutation.json',
  own: false,
  fresh: false,
  list: false,
  ...given,
};
for (const name of ['sample', 'seed', 'minutes'] as const)
  if (given[name] !== undefined) wholeNumber(MUTATE.usage, name, given[name], 1);
const out = resolve(root, values.out);
const until = values.minutes ? Date.now() + Number(values.minutes) * 60_000 : Number.POSITIVE_INFINITY;
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The mutants that were asked for. */
const chosen = (): Mutant[] => {
  const whole = [
    ...(values.package ?? []).flatMap((name) => sourcesOf(root, packageFolder(root, name))),
    ...(values.file ?? []),
  ];
  const changed = whole.length === 0 ? changedLines(root, values.base) : null;
  const all = (changed ? [...changed.keys()].sort() : whole)
    .flatMap((file) => mutantsOf(file, read(file)))
    .filter(({ file, line }) => changed?.get(file)?.(line) ?? true);
  if (!values.sample) return all;
  // So many of each package: one with many files does not crowd out the others.
  return [...new Set(all.map(({ file }) => packageOf(file)))].flatMap((name) =>
    sample(
      all.filter(({ file }) => packageOf(file) === name),
      Number(values.sample),
      Number(values.seed),
    ),
  );
};

const known = (): Map<string, Result> => {
  if (values.fresh || !existsSync(out)) return new Map();
  const { results } = JSON.parse(readFileSync(out, 'utf8')) as { results: Result[] };
  return new Map(results.map((result) => [result.key, result]));
};

const main = async () => {
  const mutants = chosen();
  if (values.list) {
    for (const mutant of mutants) console.log(describe(mutant));
    console.log(`${mutants.length} mutants`);
    return;
  }
  const equivalents = readEquivalents(EQUIVALENTS);
  const before = known();
  const results = new Map<string, Result>();
  const open: Mutant[] = [];
  for (const mutant of mutants) {
    const { text: _, start: __, end: ___, ...summary } = mutant;
    const key = keyOf(mutant);
    const hash = hashOf(read(mutant.file));
    const reason = equivalence(equivalents, mutant);
    const earlier = before.get(key);
    const base = { ...summary, key, hash, by: null, passed: [], reason };
    if (reason) results.set(key, { ...base, state: 'equivalent' });
    else if (earlier?.hash === hash && isCaught(earlier)) results.set(key, { ...earlier, line: mutant.line });
    else open.push(mutant);
  }
  // What was never tried comes before what has survived already.
  open.sort((a, b) => Number(before.has(keyOf(a))) - Number(before.has(keyOf(b))));
  console.log(`${mutants.length} mutants, ${open.length} to try`);
  if (open.length > 0)
    await tryAll(open, results).catch((error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
  report([...results.values()], open.length);
};

/**
 * First with the tests of the packages themselves; what these do not see, with those of the packages that import them.
 * Each test file is run once against all mutants that are left, the cheap ones first.
 */
const tryAll = async (open: readonly Mutant[], results: Map<string, Result>): Promise<void> => {
  const { unit, integration } = testFiles();
  let postgres: TestPostgres | null = null;
  const graph = importGraph(root);
  const bench = openBench(root, graph, { onKilled: async () => postgres?.clean() });
  let stopping = false;
  const stop = () => {
    stopping = true;
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const isOver = () => stopping || Date.now() > until;
  const isLeft = (mutant: Mutant) => !isCaught(results.get(keyOf(mutant)));
  const tryWith = async (test: string): Promise<void> => {
    const loaded = graph.closure(test);
    const mutants = open.filter((mutant) => isLeft(mutant) && loaded.has(mutant.file));
    if (mutants.length === 0 || isOver()) return;
    if (integration.includes(test)) postgres ??= await startPostgres();
    const verdicts = await bench.run(test, mutants, isOver);
    for (const [mutant, verdict] of verdicts ?? []) note(results, mutant, test, verdict);
    save([...results.values()]);
    progress(`${test}: ${open.filter(isLeft).length} of ${open.length} left`);
  };
  try {
    const owners = [...new Set(open.map(({ file }) => packageOf(file)))];
    const importers = [...new Set(owners.flatMap(directDependents))].filter((one) => !owners.includes(one));
    for (const packages of [owners, values.own ? [] : importers])
      for (const test of [...unit, ...integration])
        if (packages.includes(packageOf(test))) await tryWith(test);
    // No test even loads these.
    if (!isOver())
      for (const mutant of open) if (!results.has(keyOf(mutant))) note(results, mutant, '', 'uncovered');
  } finally {
    await bench.close();
    await (postgres as TestPostgres | null)?.stop();
  }
};

/** What a test file says to a mutant, beside what those before it have said. */
const note = (results: Map<string, Result>, mutant: Mutant, test: string, verdict: Verdict): void => {
  const { text: _, start: __, end: ___, ...summary } = mutant;
  const key = keyOf(mutant);
  const passed = [...(results.get(key)?.passed ?? []), ...(verdict === 'passed' ? [test] : [])];
  const state = { failed: 'killed', timeout: 'timeout', passed: 'survived', uncovered: 'uncovered' } as const;
  results.set(key, {
    ...summary,
    key,
    hash: hashOf(read(mutant.file)),
    reason: null,
    passed,
    state: verdict === 'uncovered' && passed.length > 0 ? 'survived' : state[verdict],
    by: verdict === 'failed' || verdict === 'timeout' ? test : null,
  });
};

const isCaught = (result: Result | undefined): boolean =>
  result?.state === 'killed' || result?.state === 'timeout';

const progress = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

const save = (results: readonly Result[]): void => {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(
    out,
    `${JSON.stringify({ seed: Number(values.seed), score: scoreOf(results), results }, null, 1)}\n`,
  );
};

const report = (results: readonly Result[], asked: number): void => {
  save(results);
  const missed = results.filter(({ state }) => state === 'survived' || state === 'uncovered');
  console.log(`\n${table(results)}`);
  if (missed.length > 0) console.log(`\nNo test sees these:\n${missed.map(describe).sort().join('\n')}`);
  if (asked > 0 && Date.now() > until)
    console.log('\nThe time was over: the same command goes on from here.');
};

await main();
