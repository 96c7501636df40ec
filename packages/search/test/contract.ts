import { actions } from '@lockstep/core';
import type { Db } from '@lockstep/db';
import { mention, SEARCH_TAIL } from '@lockstep/protocol';
import type { TestPerson } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Difference, SearchIndex } from '../src/index.ts';
import { makeSearchWorld } from './world.ts';

type World = Awaited<ReturnType<typeof makeSearchWorld>>;

/** What every engine has to do, asked before the index has anything (rule 11) and after. */
export const describeSearchIndex = (name: string, makeIndex: (db: Db) => SearchIndex): void => {
  describe(`search over ${name}`, () => {
    let world: World;
    let ann: TestPerson;
    let ben: TestPerson;
    let eve: TestPerson;
    beforeAll(async () => {
      world = await makeSearchWorld(makeIndex);
      ann = await world.person('Ann Lee');
      ben = await world.person('Ben');
      eve = await world.person('Eve');
      const ubuntu = await world.group(ann, 'Ubuntu help', ben);
      for (const body of [
        'My wifi driver does not work',
        'Which driver? The sound driver is fine',
        'Upgrade to linux-image-4.4.0-93-generic, see https://example.org/a_b.c',
        '什么是人工智能？',
        'Café au lait for everyone',
        'I like C++ and Qwen3-32B',
        'run `apt-get update` first',
        `thanks ${mention(ann.id)}`,
      ])
        await world.send(ben, ubuntu, body);
      await world.send(ann, ubuntu, 'no sound at all, driver problem');
      await world.send(ann, await world.direct(ann, ben), 'secret plan for the driver');
      await world.send(ben, await world.direct(ann, ben), 'the plan is fine');
      await world.send(eve, await world.group(eve, 'Private', ben), 'eve has a driver too');
    });
    afterAll(() => world.close());

    const cases: [query: string, texts: string[]][] = [
      ['driver sound', ['no sound at all, driver problem', 'Which driver? The sound driver is fine']],
      ['"sound driver"', ['Which driver? The sound driver is fine']],
      ['driver -sound -plan', ['My wifi driver does not work']],
      ['-"sound driver" -plan fine', []],
      ['wif*', ['My wifi driver does not work']],
      ['WIFI', ['My wifi driver does not work']],
      ['wif', []],
      ['wfii', ['My wifi driver does not work']],
      ['4.4.0-93', ['Upgrade to linux-image-4.4.0-93-generic, see https://example.org/a_b.c']],
      ['4.0-9', ['Upgrade to linux-image-4.4.0-93-generic, see https://example.org/a_b.c']],
      ['a_b.c', ['Upgrade to linux-image-4.4.0-93-generic, see https://example.org/a_b.c']],
      ['wen3', ['I like C++ and Qwen3-32B']],
      ['c++', ['I like C++ and Qwen3-32B']],
      ['智能', ['什么是人工智能？']],
      ['“人工智能”', ['什么是人工智能？']],
      ['能', ['什么是人工智能？']],
      ['智工', []],
      ['cafe', ['Café au lait for everyone']],
      ['ＣＡＦÉ lait', ['Café au lait for everyone']],
      ['plan from:me', ['secret plan for the driver']],
      ['plan from:@ben', ['the plan is fine']],
      ['plan from:@ben from:"ann lee"', ['the plan is fine', 'secret plan for the driver']],
      ['driver -from:ben', ['secret plan for the driver', 'no sound at all, driver problem']],
      ['driver in:@ben', ['secret plan for the driver']],
      ['wifi in:#ubuntu', ['My wifi driver does not work']],
      ['driver in:#private', []],
      ['driver -in:#ubuntu', ['secret plan for the driver']],
      ['to:me', ['the plan is fine']],
      ['to:@ben', ['secret plan for the driver']],
      ['is:direct', ['the plan is fine', 'secret plan for the driver']],
      ['mentions:me', [`thanks ${'@ann'}`]],
      ['has:mention', [`thanks ${'@ann'}`]],
      ['has:link', ['Upgrade to linux-image-4.4.0-93-generic, see https://example.org/a_b.c']],
      ['has:code', ['run `apt-get update` first']],
      ['has:image', []],
      ['thanks -mentions:me', []],
      ['wifi on:today', ['My wifi driver does not work']],
      ['wifi during:this-year -on:yesterday', ['My wifi driver does not work']],
      ['wifi before:today', []],
      ['wifi after:yesterday', ['My wifi driver does not work']],
      ['is:unread plan', ['the plan is fine']],
      ['-is:unread plan', ['secret plan for the driver']],
      ['nothing of the kind', []],
      ['!!!', []],
      ['', []],
    ];
    const check = async (query: string, texts: string[]) => {
      const found = await world.texts(ann, query);
      expect(found).toEqual(texts.map((text) => text.replace('@ann', mention(ann.id))));
    };

    /** There are 4 hits. */
    const checkEnds = async (sort: string) => {
      const ask = (limit: number, cursor: string | null = null) =>
        world.ask(ann, `driver sort:${sort}`, { limit, cursor });
      const all = await ask(4);
      expect([all.hits.length, all.next]).toEqual([4, null]);
      expect((await ask(5)).next).toBeNull();
      for (const limit of [1, 2, 3]) {
        const first = await ask(limit);
        expect(first.hits).toEqual(all.hits.slice(0, limit));
        const rest = await ask(4 - limit, first.next);
        expect(rest.hits).toEqual(all.hits.slice(limit));
        expect([first.next === null, rest.next]).toEqual([false, null]);
      }
    };

    describe('before anything is indexed (rule 11)', () => {
      it.each(['newest', 'best'])(
        'a page that ends with the last hit says that it is the last: %s',
        checkEnds,
      );
      for (const [query, texts] of cases) {
        // Slips are forgiven by the words of the index.
        if (query === 'wfii') continue;
        it(`finds ${query}`, () => check(query, texts));
      }
      it('says so', async () => {
        const { reach } = await world.ask(ann, 'driver');
        expect(reach.behind).toBeGreaterThan(10);
        expect(reach.upTo).toBeLessThan(Date.now());
        expect(reach.complete).toBe(true);
      });
    });

    describe('once all is indexed', () => {
      beforeAll(() => world.settle());
      for (const [query, texts] of cases) it(`finds ${query}`, () => check(query, texts));

      it('says so', async () => {
        const { reach } = await world.ask(ann, 'driver');
        expect(reach).toEqual({
          behind: 0,
          complete: true,
          away: false,
          cut: false,
          upTo: expect.any(Number),
        });
      });

      it('marks what was found, and brings who wrote it', async () => {
        const { hits, people } = await world.ask(ann, 'sound driver from:ben');
        const [hit] = hits;
        expect(hit?.marks.map(([from, to]) => hit.message.body?.slice(from, to))).toEqual([
          'driver',
          'sound',
          'driver',
        ]);
        expect(people.map(({ name }) => name)).toEqual(['Ben']);
      });

      it('forgives slips only where nothing has the words as they are', async () => {
        expect((await world.ask(ann, 'wifi')).forgiven).toBe(false);
        expect((await world.ask(ann, 'wifii')).forgiven).toBe(true);
        expect((await world.ask(ann, 'wifii')).hits).toHaveLength(1);
      });

      it('counts what may be seen, by person, conversation and month', async () => {
        const { facets } = await world.ask(ann, 'driver', { facets: true });
        const month = new Date().toISOString().slice(0, 7);
        expect(facets?.total).toEqual({ count: 4, capped: false });
        expect(facets?.people.map(({ count }) => count)).toEqual([2, 2]);
        expect(facets?.conversations.map(({ count }) => count)).toEqual([3, 1]);
        expect(facets?.months).toEqual([{ month, count: 4 }]);
      });

      it('pages through all hits, each once, in both orders', async () => {
        for (const sort of ['newest', 'best']) {
          const seen: string[] = [];
          let cursor: string | null = null;
          do {
            const page = await world.ask(ann, `driver sort:${sort}`, { limit: 1, cursor });
            seen.push(...page.hits.map((hit) => `${hit.message.conversationId} ${hit.message.seq}`));
            cursor = page.next;
          } while (cursor);
          expect(new Set(seen).size).toBe(4);
          expect(seen).toHaveLength(4);
        }
      });

      it.each(['newest', 'best'])(
        'a page that ends with the last hit says that it is the last: %s',
        checkEnds,
      );

      it('puts the best first where asked to', async () => {
        const [first] = await world.texts(ann, 'sound driver sort:best');
        expect(first).toBe('Which driver? The sound driver is fine');
      });

      it('explains names that nobody has, and what does not exist yet', async () => {
        expect((await world.understood(ann, 'x from:@nobody')).problems).toEqual(['unknown_person']);
        expect((await world.understood(ann, 'x in:#private')).problems).toEqual(['unknown_conversation']);
        expect((await world.understood(ann, 'x in:#nothing')).problems).toEqual(['unknown_conversation']);
        expect((await world.understood(ann, 'x has:file')).problems).toEqual(['not_yet']);
      });

      it('everything is for those who may: all conversations', async () => {
        expect(await world.texts(ann, 'driver eve', { everything: true })).toEqual(['eve has a driver too']);
        expect(await world.texts(ann, 'driver eve')).toEqual([]);
      });
    });

    describe('what changes', () => {
      it('a message is found as soon as its send has returned, an edit too (rule 11)', async () => {
        const id = await world.group(ann, 'Fresh', ben);
        await world.settle();
        const { seq } = await world.send(ben, id, 'zebra crossing');
        expect(await world.texts(ann, 'zebra')).toEqual(['zebra crossing']);
        await world.settle();
        await actions.editMessage(ben.actor, world.core, {
          conversationId: id,
          seq,
          body: 'giraffe crossing',
        });
        for (const state of ['tail', 'index']) {
          expect(await world.texts(ann, 'zebra'), state).toEqual([]);
          expect(await world.texts(ann, 'giraffe'), state).toEqual(['giraffe crossing']);
          expect(await world.texts(ann, 'has:edit in:#fresh'), state).toEqual(['giraffe crossing']);
          expect(
            (await world.ask(ann, 'crossing in:#fresh', { facets: true })).facets?.total.count,
            state,
          ).toBe(1);
          await world.settle();
        }
      });

      it('a recalled message is gone at once, from counts too (rule 10)', async () => {
        const id = await world.group(ann, 'Recall', ben);
        const { seq } = await world.send(ben, id, 'okapi spotted');
        await world.settle();
        await actions.recallMessage(ben.actor, world.core, { conversationId: id, seq });
        for (const state of ['tail', 'index']) {
          const { hits, facets } = await world.ask(ann, 'okapi', { facets: true });
          expect([hits, facets?.total.count], state).toEqual([[], 0]);
          await world.settle();
        }
      });

      it('whoever is removed finds nothing any more, whoever is added finds all of it (rule 10)', async () => {
        const id = await world.group(ann, 'Coming and going', ben);
        await world.send(ann, id, 'quokka');
        await world.settle();
        expect(await world.texts(ben, 'quokka')).toEqual(['quokka']);
        await actions.removeMember(ann.actor, world.core, { conversationId: id, userId: ben.id });
        expect(await world.texts(ben, 'quokka')).toEqual([]);
        const { facets } = await world.ask(ben, 'quokka', { facets: true });
        expect(facets).toMatchObject({
          total: { count: 0 },
          people: [],
          conversations: [],
          months: [],
          persons: [],
        });
        await actions.addMembers(ann.actor, world.core, { conversationId: id, userIds: [eve.id] });
        expect(await world.texts(eve, 'quokka')).toEqual(['quokka']);
      });

      it('a slip is not forgiven with what one may not see (rule 10)', async () => {
        const id = await world.group(eve, 'Hidden');
        await world.send(eve, id, 'xylophones');
        await world.settle();
        expect(await world.texts(eve, 'xilophones')).toEqual(['xylophones']);
        const { hits, forgiven, facets } = await world.ask(ann, 'xilophones', { facets: true });
        expect([hits, facets?.total.count, forgiven]).toEqual([[], 0, false]);
      });

      it('far behind, it finds the rest in the store', async () => {
        const id = await world.group(ann, 'Behind');
        await world.db.pool.query(
          `with c as (update conversation set head_seq = head_seq + $2, head_rev = head_rev + $2 where id = $1
             returning head_seq - $2 as seq, head_rev - $2 as rev)
           insert into message (conversation_id, seq, rev, sender_id, client_id, body)
           select $1, c.seq + n, c.rev + n, $3, gen_random_uuid(), 'narwhal ' || n from c, generate_series(1, $2::int) n`,
          [id, SEARCH_TAIL + 10, ann.id],
        );
        const { hits, reach } = await world.ask(ann, 'narwhal');
        expect(hits[0]?.message.body).toBe(`narwhal ${SEARCH_TAIL + 10}`);
        expect(reach).toMatchObject({ complete: true, away: false, behind: SEARCH_TAIL });
        // Older than what is read of the tail.
        expect(await world.texts(ann, 'narwhal 3')).toContain('narwhal 3');
        await world.settle();
        const after = await world.ask(ann, 'narwhal', { facets: true });
        // An engine that has to look at every hit counts the newest, and says so.
        const { count = 0, capped } = after.facets?.total ?? {};
        if (capped) expect(count).toBeGreaterThanOrEqual(1_000);
        else expect(count).toBe(SEARCH_TAIL + 10);
        expect(after.reach.complete).toBe(true);
      });
    });

    describe('keeping it true', () => {
      const verify = async (repair = false) => {
        const found: Difference[] = [];
        const result = await world.index.verify({ repair, onDifference: (one) => found.push(one) });
        return { ...result, found };
      };

      it('verify finds nothing wrong where nothing is', async () => {
        await world.settle();
        expect(await verify()).toMatchObject({ differences: 0, found: [] });
      });

      it('rebuild goes on while people search, and ends with the same answers', async () => {
        const before = await world.texts(ann, 'driver');
        let during = 0;
        await world.index.rebuild({ onProgress: () => during++ });
        await world.settle();
        expect(during).toBeGreaterThan(0);
        expect(await world.texts(ann, 'driver')).toEqual(before);
        expect((await verify()).differences).toBe(0);
      });

      it('applying twice does nothing the second time', async () => {
        const { rows } = await world.db.pool.query<{ id: string }>('select id from conversation');
        await world.index.apply(rows.map(({ id }) => id));
        await world.index.apply(rows.map(({ id }) => id));
        expect((await verify()).differences).toBe(0);
      });
    });
  });
};
