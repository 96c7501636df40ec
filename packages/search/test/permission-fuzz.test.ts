import type { Db } from '@lockstep/db';
import { expect, it } from 'vitest';
import { IndexUnavailable, postgresIndex, type SearchIndex } from '../src/index.ts';
import { Fuzz, randomOf } from './fuzz.ts';
import { makeSearchWorld } from './world.ts';

/** `SEARCH_SEED` runs one again; `SEARCH_ROUNDS` runs longer. */
const seed = Number(process.env.SEARCH_SEED ?? Date.now() % 1_000_000);
const rounds = Number(process.env.SEARCH_ROUNDS ?? 12);

const away = (db: Db): SearchIndex => ({
  ...postgresIndex(db),
  find: () => Promise.reject(new IndexUnavailable('away')),
});

it.each([
  { over: 'the index', make: postgresIndex },
  { over: 'the store, with the index away', make: away },
])(
  `rule 10: whoever searches, whatever happened, over $over: zero leaks, zero misses (SEARCH_SEED=${seed})`,
  async ({ make }) => {
    const world = await makeSearchWorld(make);
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
  },
  300_000,
);
