import { allKept } from '@lockstep/testing/sim/kept';
import { planOf } from '@lockstep/testing/sim/plan';
import { Run } from '@lockstep/testing/sim/run';
import { describe, expect, test } from 'vitest';
import { brokenSeeds, withWorld } from './seeds.ts';

describe('simulation', { timeout: 300_000 }, () => {
  test('a seed is the same run each time, to the last call', () =>
    withWorld(async (world) => {
      for (const seed of [3, 7, 12]) {
        const traces: [string[], string[]] = [[], []];
        for (const lines of traces)
          await new Run(world, planOf(seed), { trace: (line) => lines.push(line) }).go();
        expect(traces[0].length).toBeGreaterThan(50);
        expect(traces[1]).toEqual(traces[0]);
      }
    }));

  test('runs that once broke a rule do not any more', () =>
    withWorld(async (world) => {
      const kept = allKept();
      expect(kept.size).toBeGreaterThan(0);
      const broken: string[] = [];
      for (const [name, { plan }] of kept) {
        const violation = await new Run(world, plan).go();
        if (violation) broken.push(`${name}: ${violation.message}`);
      }
      expect(broken).toEqual([]);
    }));

  test('with several calls at once in the database every rule still holds', async () => {
    expect(await brokenSeeds({ from: 5_001, count: 60, looseness: 6 })).toEqual([]);
  });
});
