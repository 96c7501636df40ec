import { testDatabase } from '@lockstep/testing';
import { MUTATIONS, type Mutation, PAST } from '@lockstep/testing/sim/mutations';
import { runInProcess } from '@lockstep/testing/sim/processes';
import { describe, expect, test } from 'vitest';

/** Seeds within which each has to be found, from the one on that is known to find it. */
const SEEDS = 150;

const find = async (mutation: Mutation, order: { from: number; count: number; kept?: string }) => {
  const database = await testDatabase();
  try {
    // Rejects where its text is not in the code any more.
    return await runInProcess({ databaseUrl: database.url, first: true, ...order }, { mutation });
  } finally {
    await database.drop();
  }
};

describe('bugs on purpose', { timeout: 600_000 }, () => {
  test.for([...MUTATIONS])('$name', async (mutation) => {
    expect(await find(mutation, { from: mutation.seed, count: SEEDS })).toHaveLength(1);
  });

  test.for([...PAST])('$name', async (mutation) => {
    expect(await find(mutation, { from: 1, count: 1, kept: mutation.kept })).toHaveLength(1);
  });
});
