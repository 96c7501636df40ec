import { actions } from '@lockstep/core';
import { Budget } from '@lockstep/db';
import { LIMITS } from '@lockstep/protocol';
import type { TestPerson } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXPORT_LIMITS, postgresIndex, searchHistory } from '../src/index.ts';
import { CountedBudget, ShortBudget } from './budgets.ts';
import { makeSearchWorld } from './world.ts';

// A search that takes too long is cut short and says so; nothing is lost for whoever goes on.

describe('a search that is cut short', () => {
  let world: Awaited<ReturnType<typeof makeSearchWorld>>;
  let ann: TestPerson;
  let trip: string;
  const everyNumber = Array.from({ length: 30 }, (_, i) => i + 1);
  beforeAll(async () => {
    world = await makeSearchWorld(postgresIndex);
    ann = await world.person('Ann');
    trip = await world.group(ann, 'Trip');
    for (const n of everyNumber) {
      await world.send(ann, trip, `dodo number ${n}`);
      // The newest are not in the index.
      if (n === 22) await world.settle();
    }
  });
  afterAll(() => world.close());

  const numberOf = (body: string | null) => Number(/\d+$/.exec(body ?? '')?.[0]);

  test('goes on where it ended, in order and without a hole', async () => {
    // 8 messages of the tail are looked at first by every page.
    for (const items of [9, 10, 14, 25]) {
      const found: number[] = [];
      let cut = 0;
      let cursor: string | null = null;
      do {
        const page = await world.ask(ann, 'dodo', { cursor, limit: 20, budget: new ShortBudget(items) });
        found.push(...page.hits.map(({ message }) => numberOf(message.body)));
        if (page.reach.cut) cut++;
        expect(page.reach.complete).toBe(!page.reach.cut);
        cursor = page.next;
      } while (cursor !== null);
      expect(found, `${items} items`).toEqual(everyNumber.toReversed());
      expect(cut).toBeGreaterThan(0);
    }
  });

  test('sorts what it has looked at', async () => {
    const page = await world.ask(ann, 'dodo sort:best', { budget: new ShortBudget(26), limit: 50 });
    expect(page.reach).toMatchObject({ cut: true, complete: false });
    expect(page.hits.length).toBeGreaterThan(5);
    expect(page.hits.length).toBeLessThan(30);
  });

  test('says so where nothing was looked at, in pages, facets and counts', async () => {
    const over = () => new Budget({ ...EXPORT_LIMITS, ms: 0 });
    const page = await world.ask(ann, 'dodo form:x', { budget: over(), facets: true });
    expect(page).toMatchObject({ hits: [], next: null, facets: null, reach: { cut: true, complete: false } });
    expect(page.query.clauses).toHaveLength(2);
    expect(page.problems.map(({ code }) => code)).toEqual(['unknown_filter']);
    const ask = { text: 'dodo', typing: false, timeZone: 'UTC', now: Date.now() };
    const viewer = { userId: ann.id, everything: false };
    const facets = await world.searcher.facets(viewer, { ...ask, budget: over() });
    expect(facets).toMatchObject({ total: { count: 0, capped: true }, people: [], months: [] });
    expect(await world.searcher.count(viewer, { ...ask, budget: over() })).toEqual({
      count: 0,
      capped: true,
    });
  });

  test('a statement that takes too long is cancelled, and the answer says so', async () => {
    const other = await world.db.pool.connect();
    try {
      // Whoever reads the conversations waits.
      await other.query('begin; lock table conversation in access exclusive mode');
      const page = await world.ask(ann, 'dodo', {
        budget: new Budget({ ...EXPORT_LIMITS, statementMs: 50 }),
      });
      expect(page).toMatchObject({ hits: [], reach: { cut: true } });
    } finally {
      await other.query('rollback');
      other.release();
    }
  });

  test('a statement that is fast enough is not cancelled', async () => {
    const page = await world.ask(ann, 'dodo', { limit: 50, budget: new Budget(EXPORT_LIMITS) });
    expect(page.hits).toHaveLength(30);
    expect(page.reach).toMatchObject({ cut: false, complete: true });
  });

  test('a phrase with more words than are asked for is explained', async () => {
    const { problems } = await world.ask(ann, `"${'b '.repeat(240)}"`);
    expect(problems).toMatchObject([{ code: 'too_long', from: 0 }]);
    expect((await world.ask(ann, `"${'b '.repeat(60)}"`)).problems).toEqual([]);
  });

  test('message history: earlier texts and those that stand are cut at the same place', async () => {
    const admin = await world.person('Admin', { role: 'admin' });
    for (const seq of [4, 8, 9, 15, 21, 28, 31]) {
      await actions.editMessage(ann.actor, world.core, {
        conversationId: trip,
        seq,
        body: `dido number ${seq}`,
      });
      await actions.editMessage(ann.actor, world.core, { conversationId: trip, seq, body: `nothing` });
    }
    const seqs = (await world.db.pool.query<{ seq: number }>('select seq from message where system is null'))
      .rows;
    for (const items of [16, 18, 20, 33]) {
      const found: number[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const { hits, next } = await searchHistory(world.searcher, world.db, {
          userId: admin.id,
          text: 'number',
          state: 'all',
          from: null,
          to: null,
          timeZone: 'UTC',
          now: Date.now(),
          cursor,
          limit: 20,
          facets: false,
          budget: new ShortBudget(items),
        });
        found.push(...hits.map(({ message }) => message.seq));
        cursor = next;
      } while (cursor !== null && ++pages < 100);
      expect(found, `${items} items`).toEqual(seqs.map(({ seq }) => seq).sort((a, b) => b - a));
    }
  });

  test('the longest queries over the longest texts take no more steps, statements and rows than short ones', async () => {
    const eve = await world.person('Eve');
    const place = await world.group(eve, 'Place');
    for (let i = 0; i < 40; i++) await world.send(eve, place, 'b '.repeat(LIMITS.messageText / 2 - 10));
    const costOf = async (text: string) => {
      const budget = new CountedBudget(EXPORT_LIMITS);
      const page = await world.ask(eve, text, { budget, facets: true });
      expect(page.hits.length).toBe(40);
      const { statements, rows } = budget.spent;
      return { items: budget.items, statements, rows };
    };
    // Makes the dictionary.
    await costOf('b');
    for (const [long, short] of [
      [`sort:best ${'b '.repeat(31)}`, 'sort:best b'],
      [`"${'b '.repeat(240)}"`, '"b b"'],
      ['b* '.repeat(30), 'b*'],
    ] as const) {
      const cost = await costOf(short);
      // A few of each message: to fit, to be scored, to be marked. What one takes is counted in text/cost.test.ts.
      expect(cost.items, short).toBeLessThanOrEqual(4 * 40);
      expect(await costOf(long), short).toEqual(cost);
    }
  });
});
