import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { meilisearchIndex } from '../src/index.ts';
import { describeSearchIndex } from './contract.ts';
import { Fuzz, randomOf } from './fuzz.ts';
import { startStandIn } from './meili-stand-in.ts';
import { makeSearchWorld } from './world.ts';

const { MEILI_URL, MEILI_KEY } = process.env;
if (MEILI_URL) {
  describeSearchIndex('meilisearch', (db) =>
    meilisearchIndex(db, { url: MEILI_URL, key: MEILI_KEY ?? null, index: `test_${randomUUID()}` }),
  );
} else {
  console.info('skipped: search over a real Meilisearch, as MEILI_URL is not set');
  it.skip('needs MEILI_URL', () => {});
}

const standIn = await startStandIn();
afterAll(() => standIn.close());
const overStandIn = (db: Parameters<typeof meilisearchIndex>[0]) => {
  standIn.wipe();
  return meilisearchIndex(db, { url: standIn.url });
};

describeSearchIndex('the wire of meilisearch (a stand-in)', overStandIn);

describe('an engine that is not well (a stand-in)', () => {
  it('down, full, paused, wiped: sends go on, answers stay right, health says why, it heals by itself', async () => {
    const world = await makeSearchWorld(overStandIn);
    try {
      const ann = await world.person('Ann');
      const id = await world.group(ann, 'Plans');
      await world.send(ann, id, 'okapi one');
      await world.settle();
      const apply = () => world.index.apply([id]);

      standIn.state.full = true;
      await world.send(ann, id, 'okapi two');
      await expect
        .poll(() =>
          apply().then(
            () => 'sent',
            (error: Error) => error.message,
          ),
        )
        .toContain('no space');
      expect(await world.texts(ann, 'okapi')).toEqual(['okapi two', 'okapi one']);
      expect(await world.index.health()).toMatchObject({
        ok: false,
        detail: expect.stringContaining('no space'),
      });
      standIn.state.full = false;
      await world.settle();

      standIn.state.paused = true;
      await world.send(ann, id, 'okapi three');
      for (let i = 0; i < 5; i++) await apply();
      expect((await world.ask(ann, 'okapi')).reach.behind).toBe(1);
      expect((await world.texts(ann, 'okapi'))[0]).toBe('okapi three');
      standIn.state.paused = false;
      await world.settle();
      expect((await world.ask(ann, 'okapi')).reach.behind).toBe(0);

      standIn.state.down = true;
      await world.send(ann, id, 'okapi four');
      await expect(apply()).rejects.toThrow('not reached');
      expect((await world.index.health()).ok).toBe(false);
      standIn.state.down = false;
      await world.settle();
      expect((await world.index.health()).ok).toBe(true);

      standIn.wipe();
      await world.index.prepare();
      await world.settle();
      expect(await world.texts(ann, 'okapi')).toHaveLength(4);
      expect(await world.index.verify({})).toMatchObject({ differences: 0 });
    } finally {
      await world.close();
    }
  });
});

const seed = Number(process.env.SEARCH_SEED ?? Date.now() % 1_000_000);
it(`rule 10: zero leaks, zero misses over the stand-in (SEARCH_SEED=${seed})`, async () => {
  const world = await makeSearchWorld(overStandIn);
  try {
    const fuzz = new Fuzz(world, randomOf(seed));
    await fuzz.begin();
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 15; i++) await fuzz.step();
      for (const viewer of fuzz.people)
        for (let i = 0; i < 3; i++) await fuzz.ask(viewer, fuzz.random.next() < 0.15);
    }
    await world.settle();
    expect((await world.index.verify({})).differences).toBe(0);
  } finally {
    await world.close();
  }
}, 300_000);
