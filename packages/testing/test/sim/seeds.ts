import { testDatabase } from '@lockstep/testing';
import { runSeeds, type SeedsOptions } from '@lockstep/testing/sim/seeds';
import { createSimWorld, type SimWorld } from '@lockstep/testing/sim/world';

/** Runs `work` with the real server on a database of its own. */
export const withWorld = async <T>(work: (world: SimWorld) => Promise<T>): Promise<T> => {
  const database = await testDatabase();
  const world = createSimWorld(database.url);
  try {
    return await work(world);
  } finally {
    await world.close();
    await database.drop();
  }
};

/** What broke, one line a seed: try it again with `npm run sim -- --seed N --verbose`. */
export const brokenSeeds = (options: SeedsOptions): Promise<string[]> =>
  withWorld(async (world) =>
    (await runSeeds(world, options)).map(({ seed, message }) => `seed ${seed}: ${message}`),
  );

/** Seeds in all; `SIM_SEEDS` for more or less. */
export const SEEDS = Number(process.env.SIM_SEEDS ?? 300);
