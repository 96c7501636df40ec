import { testDatabase } from '@lockstep/testing/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptOf } from '../../src/fuzz/kept.ts';
import { fuzz } from '../../src/fuzz/run.ts';
import { failureOf } from '../../src/fuzz/shrink.ts';
import { loadTarget, TARGETS } from '../../src/fuzz/targets.ts';

/** Few: the rest is for `npm run fuzz`. */
const RUNS = 60;

it('there is a database', async () => {
  const database = await testDatabase();
  expect(database.url).toContain('postgresql:');
  await database.drop();
});

for (const [name, { database }] of Object.entries(TARGETS))
  if (database)
    describe(name, async () => {
      const target = await loadTarget(name);
      beforeAll(() => target.setup?.());
      afterAll(() => target.teardown?.());

      it('goes by the name it is listed under', () => expect(target.name).toBe(name));
      for (const [file, { input }] of keptOf(name))
        it(file, async () => expect(await failureOf(target, input)).toBeNull());
      it(`handles ${RUNS} inputs of one seed`, async () => {
        expect((await fuzz(target, { seed: 1, runs: RUNS })).found).toEqual([]);
      });
    });
