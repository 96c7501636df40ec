import { postgresIndex } from '@lockstep/search';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, makeGroup, makeWorld, send } from './world.ts';

describe('the search index follows', () => {
  let database: TestDatabase;
  let world: ReturnType<typeof makeWorld>;
  beforeAll(async () => {
    database = await testDatabase();
    world = makeWorld({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await world.close();
    await database.drop();
  });

  it('rule 9: with the worker down sends go on; it catches up, also when it is killed over it', async () => {
    const groups = await Promise.all(Array.from({ length: 5 }, () => makeGroup(world.db, 3)));
    for (const group of groups) await send(world, group, 200);
    const first = world.startWorker();
    // In mid-work: something is indexed, and not all of it.
    await expect
      .poll(
        async () =>
          (await world.db.pool.query('select 1 from search_message where seq > 0 limit 1')).rowCount,
        {
          timeout: 30_000,
          interval: 1,
        },
      )
      .toBe(1);
    await end(first, 'SIGKILL');
    const second = world.startWorker();
    await world.caughtUp('index');
    for (const group of groups) await send(world, group, 10);
    await world.caughtUp('index');
    await end(second, 'SIGTERM');
    const { rows } = await world.db.pool.query<{ n: number }>(
      'select count(*)::int as n from search_message where seq > 0',
    );
    expect(rows[0]?.n).toBe(5 * 210);
    expect(await postgresIndex(world.db).verify({})).toMatchObject({ differences: 0 });
  });
});
