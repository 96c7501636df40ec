import { parseArgs } from 'node:util';
import startCluster, { testDatabase } from '../cluster.ts';
import type { Order } from './child.ts';
import { runInProcess } from './processes.ts';
import { type Failure, runSeeds } from './seeds.ts';
import { createSimWorld } from './world.ts';

/**
 * `npm run sim -- --seeds 1000 --from 1` runs that many seeds from that one on; `--seed 17` one exactly, with
 * `--verbose` all that happens in it. `--storm` lets the database have several calls at once: every rule has to hold,
 * but no run can be repeated. `--processes` is 2. The last line is one JSON object.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    processes: { type: 'string', default: '2' },
    verbose: { type: 'boolean', default: false },
    storm: { type: 'boolean', default: false },
  },
});

/** Calls at once in a storm. */
const STORM = 6;

const whole = (name: 'seeds' | 'from' | 'seed' | 'processes'): number => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`);
  return value;
};

const looseness = values.storm ? STORM : 0;

const one = async (seed: number): Promise<Failure[]> => {
  const world = createSimWorld((await testDatabase()).url);
  const lines: string[] = [];
  const trace = (line: string) => (values.verbose ? console.log(line) : lines.push(line));
  const failures = await runSeeds(world, { from: seed, count: 1, trace, looseness });
  if (failures.length > 0) for (const line of lines.slice(-40)) console.log(line);
  await world.close();
  return failures;
};

const many = async (seeds: number, from: number, processes: number): Promise<Failure[]> => {
  const began = performance.now();
  const failures: Failure[] = [];
  let done = 0;
  const progress = () => {
    const rate = done / ((performance.now() - began) / 1_000);
    const line = `${done}/${seeds} seeds, ${rate.toFixed(1)}/s, ${failures.length} failed`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line} `);
    else if (done % 100 === 0 || done === seeds) console.log(line);
  };
  const part = async (index: number) => {
    const order: Order = {
      databaseUrl: (await testDatabase()).url,
      from: from + index,
      every: processes,
      count: Math.ceil((seeds - index) / processes),
      keeps: true,
      looseness,
    };
    await runInProcess(order, {
      onSeed: (failure) => {
        done++;
        if (failure) {
          failures.push(failure);
          const line = `seed ${failure.seed}: ${failure.message} (${failure.file})`;
          console.log(process.stdout.isTTY ? `\n${line}` : line);
        }
        progress();
      },
    });
  };
  await Promise.all(Array.from({ length: Math.min(processes, seeds) }, (_, i) => part(i)));
  if (process.stdout.isTTY) process.stdout.write('\n');
  return failures;
};

const stop = await startCluster();
try {
  const began = performance.now();
  const only = values.seed === undefined ? null : whole('seed');
  const [seeds, from] = only === null ? [whole('seeds'), whole('from')] : [1, only];
  const failures = only === null ? await many(seeds, from, whole('processes')) : await one(only);
  const seconds = (performance.now() - began) / 1_000;
  console.log(
    JSON.stringify({
      sim: values.storm ? 'storm' : 'exact',
      ok: failures.length === 0,
      seeds,
      from,
      seconds: Number(seconds.toFixed(1)),
      seedsPerSecond: Number((seeds / seconds).toFixed(1)),
      failures,
    }),
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await stop();
}
