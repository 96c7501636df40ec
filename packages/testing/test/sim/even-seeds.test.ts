import { expect, test } from 'vitest';
import { brokenSeeds, SEEDS } from './seeds.ts';

/** Half of the seeds: the other half runs beside it. */
test('rules 1 to 10 and 12: the real engine and the real server, even seeds', {
  timeout: 900_000,
}, async () => {
  expect(await brokenSeeds({ from: 2, every: 2, count: SEEDS / 2 })).toEqual([]);
});
