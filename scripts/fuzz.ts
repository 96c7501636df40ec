import startCluster from '@lockstep/testing/cluster';
import { keep } from '@lockstep/testing/fuzz/kept';
import { TARGETS } from '@lockstep/testing/fuzz/targets';
import { runInThread } from '@lockstep/testing/fuzz/thread';
import { commandLine, endWith, wholeNumber } from './lib/command-line.mjs';
import { FUZZ } from './lib/commands.mjs';
import { UsageError } from './lib/flags.mjs';

/**
 * `npm run fuzz`: its options are in scripts/lib/commands.mjs. What is handled wrongly is made smaller and kept in `kept/`,
 * where the tests run it again. The last line is one JSON object.
 */
const { values } = commandLine(FUZZ);

/** An input that takes longer than this is taken for one that never ends. */
const HANG_SECONDS = 60;

const whole = <T>(name: 'seed' | 'seconds' | 'runs' | 'from' | 'threads', least: number, otherwise: T) =>
  values[name] === undefined ? otherwise : wholeNumber(FUZZ.usage, name, values[name], least);

const seed = whole('seed', 0, Math.floor(Math.random() * 2 ** 31));
const runs = whole('runs', 1, null);
const from = whole('from', 0, 0);
const seconds = whole('seconds', 1, 60);
const threads = whole('threads', 1, 2);
const names = values.target ?? Object.keys(TARGETS);
for (const name of names)
  if (!Object.hasOwn(TARGETS, name))
    endWith(new UsageError(`--target is one of ${Object.keys(TARGETS).join(', ')}.`), FUZZ.usage);

const feed = async (name: string) => {
  const began = performance.now();
  const result = await runInThread({
    target: name,
    seed,
    from,
    runs: values.short ? (TARGETS[name]?.shortRuns ?? null) : runs,
    seconds,
    hangAfter: HANG_SECONDS,
  });
  const took = (performance.now() - began) / 1_000;
  console.log(`${name.padEnd(16)} ${String(result.runs).padStart(9)} runs in ${took.toFixed(1)} s`);
  const failures = result.found.map(({ check, message, run, input }) => {
    const file = keep(name, { found: { check, message, seed, run }, input });
    console.log(`  run ${run}: ${message.slice(0, 500)}\n    kept in ${file}`);
    return { target: name, run, check, file };
  });
  return { name, runs: result.runs, failures };
};

console.log(`seed ${seed}`);
const stop = names.some((name) => TARGETS[name]?.database) ? await startCluster() : null;
try {
  const waiting = [...names];
  const results: Awaited<ReturnType<typeof feed>>[] = [];
  const one = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      results.push(await feed(name));
  };
  await Promise.all(Array.from({ length: threads }, one));
  const failures = results.flatMap((result) => result.failures);
  const counts = Object.fromEntries(results.map((result) => [result.name, result.runs]));
  console.log(JSON.stringify({ fuzz: counts, seed, ok: failures.length === 0, failures }));
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await stop?.();
}
