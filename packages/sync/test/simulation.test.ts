import { describe, expect, it } from 'vitest';
import { Simulation, type SimulationOptions } from './sim/simulation.ts';

/** `SYNC_SEED=17` replays that one; `SYNC_SEEDS=5000` runs that many. */
const only = process.env.SYNC_SEED ? Number(process.env.SYNC_SEED) : null;
const count = Number(process.env.SYNC_SEEDS ?? 60);
const seeds = only === null ? Array.from({ length: count }, (_, i) => i + 1) : [only];

const runAll = async (options?: SimulationOptions) => {
  const failures: string[] = [];
  for (const seed of seeds) {
    try {
      await new Simulation(seed, options).run();
    } catch (error) {
      failures.push(`seed ${seed}: ${(error as Error).message}`);
    }
  }
  expect(failures).toEqual([]);
};

describe('simulation', { timeout: 120_000 + seeds.length * 1_000 }, () => {
  it('rules 2, 3, 5, 6, 7 and 8: all devices come to agree with the server, in any weather', () =>
    runAll({ quiet: true }));

  it('rule 12: tabs that open, close, freeze and crash agree, and so does what they leave on disk', () =>
    runAll());

  it('rule 9: with every push dropped, devices still converge', () =>
    runAll({ weather: { lose: 1 }, steps: 40 }));
});
