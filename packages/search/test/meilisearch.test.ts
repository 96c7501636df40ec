import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { meilisearchIndex } from '../src/meilisearch/engine.ts';
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

/** For so long an engine that did not answer is left alone, in ms. */
const REST_MS = 3_000;

describe('an engine that is not well (a stand-in)', () => {
  const PATIENT = { send: 60_000, answer: 60_000 };
  const timeouts = { ...PATIENT };
  /** How late it is for the engine: it goes on only where the test lets it. */
  let now = 0;
  const withShortTimeouts = (db: Parameters<typeof meilisearchIndex>[0]) => {
    standIn.wipe();
    return meilisearchIndex(db, { url: standIn.url, timeouts, now: () => now });
  };

  it('rule 9: down, slow, full, refusing, paused, wiped: all is found in the store, health says why, it heals', async () => {
    const world = await makeSearchWorld(withShortTimeouts);
    try {
      const ann = await world.person('Ann');
      const id = await world.group(ann, 'Plans');
      const texts: string[] = [];
      const say = async (text: string) => {
        await world.send(ann, id, `okapi ${text}`);
        texts.unshift(`okapi ${text}`);
      };
      const apply = () =>
        world.index.apply([id]).then(
          () => 'sent',
          (error: Error) => error.message,
        );
      const health = () => world.index.health();
      /** Everything, whether from the index or from the store, and how often the engine was asked. */
      const found = async () => {
        const before = standIn.state.requests;
        const { hits, reach, facets } = await world.ask(ann, 'okapi', { facets: true });
        expect(hits.map((hit) => hit.message.body)).toEqual(texts);
        expect(facets?.total).toEqual({ count: texts.length, capped: false });
        return { ...reach, asked: standIn.state.requests - before };
      };
      const well = async () => {
        // It is left alone for a while after it did not answer.
        now += REST_MS;
        expect(await found()).toMatchObject({ away: false });
        await world.settle();
        expect(await health()).toMatchObject({ ok: true });
        expect(await found()).toMatchObject({ behind: 0, complete: true });
        expect((await world.index.verify({})).differences).toBe(0);
      };
      await say('one');
      await world.settle();
      await well();

      for (const [name, fault] of [
        ['down', 'not reached'],
        ['slow', 'does not answer within 300 ms'],
      ] as const) {
        standIn.state[name] = true;
        Object.assign(timeouts, name === 'slow' ? { send: 300, answer: 200 } : {});
        await say(name);
        expect(await apply()).toContain(fault);
        now += REST_MS;
        expect(await found()).toMatchObject({ away: true, complete: true, asked: 1 });
        // Nobody waits for it a second time, for a while.
        expect(await found()).toMatchObject({ away: true, complete: true, asked: 0 });
        expect(await health()).toMatchObject({ ok: false, detail: expect.stringContaining(fault) });
        expect(await world.understood(ann, 'okappi')).toMatchObject({ problems: [] });
        standIn.hurry();
        Object.assign(timeouts, PATIENT);
        standIn.state[name] = false;
        await world.settle();
        await well();
      }
      for (const name of ['full', 'refusing'] as const) {
        standIn.state[name] = true;
        await say(name);
        await expect.poll(apply).toContain('no space left on device');
        expect(await found()).toMatchObject({ away: false, behind: 1 });
        expect(await health()).toMatchObject({ ok: false, detail: expect.stringContaining('no space left') });
        standIn.state[name] = false;
        await world.settle();
        await well();
      }
      standIn.state.paused = true;
      await say('paused');
      for (let i = 0; i < 5; i++) await apply();
      expect(await found()).toMatchObject({ away: false, behind: 1 });
      expect((await health()).detail).toContain('1 changes behind');
      standIn.state.paused = false;
      await world.settle();
      await well();

      standIn.wipe();
      // At once, before anybody has begun it again; also when something new came into it since.
      expect(await found()).toMatchObject({ away: true, complete: true });
      await say('wiped');
      await apply();
      expect(await found()).toMatchObject({ away: true, complete: true });
      expect(await health()).toMatchObject({ ok: false, detail: expect.stringContaining('wiped') });
      await world.index.recover();
      await world.settle();
      await well();
    } finally {
      standIn.hurry();
      Object.assign(standIn.state, { down: false, full: false, refusing: false, paused: false });
      await world.close();
    }
  });
});

it('rule 9, wiped while a batch of another worker is under way: that batch moves no checkpoint of the new index', async () => {
  const world = await makeSearchWorld(overStandIn);
  try {
    const ann = await world.person('Ann');
    const id = await world.group(ann, 'Plans');
    await world.send(ann, id, 'okapi one');
    await world.settle();
    const other = meilisearchIndex(world.db, { url: standIn.url });
    standIn.state.paused = true;
    await world.send(ann, id, 'okapi two');
    await other.apply([id]);
    standIn.wipe();
    await world.index.recover();
    standIn.state.paused = false;
    for (let i = 0; i < 3; i++) await other.apply([id]);
    await world.settle();
    expect(await world.texts(ann, 'okapi')).toEqual(['okapi two', 'okapi one']);
    expect((await world.index.verify({})).differences).toBe(0);
  } finally {
    standIn.state.paused = false;
    await world.close();
  }
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
