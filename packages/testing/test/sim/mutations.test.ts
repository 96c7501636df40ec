import { testDatabase } from '@lockstep/testing';
import { MUTATIONS, PAST } from '@lockstep/testing/sim/mutations';
import { runInProcess } from '@lockstep/testing/sim/processes';
import { describe, expect, test } from 'vitest';

/** Seeds within which each has to be found, from the one on that is known to find it. */
const SEEDS = 150;

describe('bugs on purpose', () => {
  test.for([...MUTATIONS, ...PAST])('$name', { timeout: 600_000 }, async (mutation) => {
    const database = await testDatabase();
    try {
      const order = { databaseUrl: database.url, from: mutation.seed, count: SEEDS, first: true };
      // Rejects where its text is not in the code any more.
      expect(await runInProcess(order, { mutation })).toHaveLength(1);
    } finally {
      await database.drop();
    }
  });
});
