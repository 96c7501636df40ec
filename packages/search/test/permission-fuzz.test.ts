import { expect, it } from 'vitest';
import { postgresIndex } from '../src/index.ts';
import { Fuzz, randomOf } from './fuzz.ts';
import { makeSearchWorld } from './world.ts';

/** `SEARCH_SEED` runs one again; `SEARCH_ROUNDS` runs longer. */
const seed = Number(process.env.SEARCH_SEED ?? Date.now() % 1_000_000);
const rounds = Number(process.env.SEARCH_ROUNDS ?? 12);

it(`rule 10: whoever searches, whatever happened: zero leaks, zero misses (SEARCH_SEED=${seed})`, async () => {
  const world = await makeSearchWorld(postgresIndex);
  try {
    const fuzz = new Fuzz(world, randomOf(seed));
    await fuzz.begin();
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < 15; i++) await fuzz.step();
      for (const viewer of fuzz.people)
        for (let i = 0; i < 5; i++) await fuzz.ask(viewer, fuzz.random.next() < 0.15);
    }
    await world.settle();
    expect((await world.index.verify({})).differences).toBe(0);
    for (const viewer of fuzz.people) for (let i = 0; i < 20; i++) await fuzz.ask(viewer, i % 5 === 0);
  } finally {
    await world.close();
  }
}, 300_000);
