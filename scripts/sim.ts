import startCluster, { testDatabase } from '@lockstep/testing/cluster';
import type { Order } from '@lockstep/testing/sim/child';
import { runInProcess } from '@lockstep/testing/sim/processes';
import { type Failure, runSeeds } from '@lockstep/testing/sim/seeds';
import { createSimWorld } from '@lockstep/testing/sim/world';
import { commandLine, wholeNumber } from './lib/command-line.mjs';
import { SIM } from './lib/commands.mjs';

/** `npm run sim`: its options are in scripts/lib/commands.mjs. The last line is one JSON object. */
const { values } = commandLine(SIM);

/** Calls at once in a storm. */
const STORM = 6;

const whole = (name: 'seeds' | 'from' | 'seed' | 'processes', otherwise: number): number =>
  values[name] === undefined ? otherwise : wholeNumber(SIM.usage, name, values[name], 1);

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

const only = values.seed === undefined ? null : whole('seed', 1);
const [seeds, from] = only === null ? [whole('seeds', 1_000), whole('from', 1)] : [1, only];
const processes = whole('processes', 2);

const stop = await startCluster();
try {
  const began = performance.now();
  const failures = only === null ? await many(seeds, from, processes) : await one(only);
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
