import { planOf } from '@lockstep/testing/sim/plan';
import { Run } from '@lockstep/testing/sim/run';
import { describe, expect, test } from 'vitest';
import { withWorld } from './seeds.ts';

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
});
