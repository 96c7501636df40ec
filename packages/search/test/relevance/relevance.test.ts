import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATA } from '../../../../bench/rig/corpus.ts';
import { postgresIndex } from '../../src/index.ts';
import { makeSearchWorld } from '../world.ts';
import { importAll } from './import.ts';
import { type Asked, QUERIES } from './queries.ts';

const folder = process.env.SEARCH_DATA ?? DATA;
const isThere = existsSync(`${folder}/irc-ubuntu`);
if (!isThere)
  console.info(`skipped: relevance on real text, as it is not in ${folder} (SEARCH_DATA says where)`);

describe.skipIf(!isThere)('relevance on real text', () => {
  type World = Awaited<ReturnType<typeof makeSearchWorld>>;
  let world: World;
  let reader: Awaited<ReturnType<World['person']>>;
  const precisions: { kind: string; query: string; precision: number }[] = [];
  beforeAll(async () => {
    world = await makeSearchWorld(postgresIndex);
    reader = await world.person('Reader', { role: 'admin' });
    await importAll(world.db, folder, reader.id, (name) => world.person(name));
    await world.index.rebuild({});
    await world.settle();
  }, 600_000);
  afterAll(async () => {
    const mean = (list: typeof precisions) =>
      (list.reduce((sum, { precision }) => sum + precision, 0) / Math.max(1, list.length)).toFixed(2);
    const kinds = [...new Set(precisions.map(({ kind }) => kind))];
    console.info(
      `precision of the first ten, ${world.index.name}: ${mean(precisions)} over ${precisions.length} queries (` +
        `${kinds.map((kind) => `${kind} ${mean(precisions.filter((one) => one.kind === kind))}`).join(', ')})` +
        precisions
          .filter(({ precision }) => precision < 0.8)
          .map(({ query, precision }) => `\n  ${precision.toFixed(1)} ${query}`)
          .join(''),
    );
    await world.close();
  });

  /** Every hit, page by page. */
  const all = async (query: string): Promise<string[]> => {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await world.ask(reader, query, { cursor });
      found.push(...page.hits.map((hit) => hit.message.body ?? ''));
      cursor = page.next;
    } while (cursor && found.length < 5_000);
    return found;
  };

  for (const [kind, list] of Object.entries<Asked[]>(QUERIES)) {
    describe(kind, () => {
      for (const { query, find, about } of list)
        it(`${query}`, async () => {
          const found = await all(query);
          for (const part of find)
            expect(
              found.some((body) => body.includes(part)),
              part,
            ).toBe(true);
          const best = await world.texts(reader, `${query} sort:best`, { limit: 10 });
          const right = best.filter((body) => about.test(body ?? '')).length;
          precisions.push({ kind, query, precision: right / Math.max(1, best.length) });
        });
    });
  }

  it('has at least 120 queries', () => {
    expect(Object.values(QUERIES).flat().length).toBeGreaterThanOrEqual(120);
  });
});
