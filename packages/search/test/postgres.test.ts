import { laggingConversations } from '@lockstep/db';
import type { SearchReach } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { postgresIndex } from '../src/index.ts';
import { Frequencies } from '../src/postgres/frequencies.ts';
import { describeSearchIndex } from './contract.ts';
import { makeSearchWorld } from './world.ts';

type World = Awaited<ReturnType<typeof makeSearchWorld>>;

describeSearchIndex('postgres', postgresIndex);

it('goes up to the head at once, though it is far and messages on the way were changed since', async () => {
  const world = await makeSearchWorld(postgresIndex);
  try {
    const ann = await world.person('Ann');
    const id = await world.group(ann, 'Far');
    // Of 5,000 changes, the last 10 are edits of early messages: their first `rev` is nobody's any more.
    await world.db.pool.query(
      `insert into message (conversation_id, seq, rev, sender_id, client_id, body, edited_at)
       select $1, n + 1, case when n <= 10 then 4991 + n else n + 1 end, $2, gen_random_uuid(), 'narwhal',
         case when n <= 10 then now() end
       from generate_series(1, 4990) n`,
      [id, ann.id],
    );
    await world.db.pool.query('update conversation set head_seq = 4991, head_rev = 5001 where id = $1', [id]);
    await world.index.apply([id]);
    expect(await laggingConversations(world.db, 'index', 1)).toEqual([]);
    expect(await world.index.verify({})).toMatchObject({ messages: 4_991, differences: 0 });
  } finally {
    await world.close();
  }
});

it('finds by looking at the rows one by one what others wrote far more often (rule 10)', async () => {
  const world = await makeSearchWorld(postgresIndex);
  try {
    const ann = await world.person('Ann');
    const ben = await world.person('Ben');
    const crowd = await world.group(ben, 'Crowd');
    const mine = await world.group(ann, 'Mine');
    for (const [id, count] of [
      [crowd, 3_000],
      [mine, 30],
    ] as const)
      await world.db.pool.query(
        `with c as (update conversation set head_seq = head_seq + $2, head_rev = head_rev + $2 where id = $1
           returning head_seq - $2 as seq, head_rev - $2 as rev)
         insert into message (conversation_id, seq, rev, sender_id, client_id, body)
         select $1, c.seq + n, c.rev + n, $3, gen_random_uuid(),
           case when n % 2 = 0 then 'a narwhal swims' else 'whales do not' end
         from c, generate_series(1, $2::int) n`,
        [id, count, id === mine ? ann.id : ben.id],
      );
    await world.settle();
    await world.db.pool.query('analyze search_message');
    const read = await new Frequencies().read(world.db.pool);
    expect(read.share('narwhal')).toBeCloseTo(0.5, 1);
    for (const [text, count] of [
      ['narwhal', 15],
      ['nar*', 15],
      ['"narwhal swims" -whales', 15],
      ['narwhal whales', 0],
      ['whal*', 15],
    ] as const) {
      const { hits, facets } = await world.ask(ann, text, { facets: true });
      expect([hits.length, facets?.total], text).toEqual([count, { count, capped: false }]);
      expect(facets?.people, text).toEqual(count === 0 ? [] : [{ userId: ann.id, count }]);
    }
  } finally {
    await world.close();
  }
});

describe('an index that is not well', () => {
  const withOkapis = async (
    work: (world: World, found: () => Promise<SearchReach>, say: () => Promise<void>) => Promise<void>,
  ) => {
    const world = await makeSearchWorld(postgresIndex);
    try {
      const ann = await world.person('Ann');
      const id = await world.group(ann, 'Plans');
      // A conversation without a text is no sign of a wipe.
      await world.settle();
      await world.index.recover();
      expect(await laggingConversations(world.db, 'index', 1)).toEqual([]);
      const texts: string[] = [];
      const say = async () => {
        texts.unshift(`okapi ${texts.length}`);
        await world.send(ann, id, texts[0] as string);
      };
      for (let i = 0; i < 20; i++) await say();
      await world.settle();
      const found = async () => {
        const { hits, reach, facets } = await world.ask(ann, 'okapi', { facets: true });
        expect(hits.map((hit) => hit.message.body)).toEqual(texts);
        expect(facets?.total).toEqual({ count: texts.length, capped: false });
        return reach;
      };
      expect(await found()).toMatchObject({ away: false, behind: 0 });
      await work(world, found, say);
      expect(await found()).toMatchObject({ away: false, behind: 0, complete: true });
      expect((await world.ask(ann, 'okappi')).forgiven).toBe(true);
      expect(await world.index.health()).toMatchObject({ ok: true });
      expect((await world.index.verify({})).differences).toBe(0);
    } finally {
      await world.close();
    }
  };

  for (const how of ['truncate search_message, search_word', 'delete from search_message'])
    it(`rule 9, ${how}: nothing is missing for a moment, health says so, it begins again before it takes anything new`, () =>
      withOkapis(async (world, found, say) => {
        await world.db.pool.query(how);
        expect(await found()).toMatchObject({ away: true, complete: true });
        expect(await world.index.health()).toMatchObject({
          ok: false,
          detail: expect.stringContaining('wiped'),
        });
        await say();
        expect(await found()).toMatchObject({ away: true, complete: true });
        // Though nobody has looked since: what is indexed next finds it out.
        await world.settle();
      }));

  it('rule 9, wiped while nobody writes: a look is enough', () =>
    withOkapis(async (world, found) => {
      await world.db.pool.query('truncate search_message, search_word');
      await world.index.recover();
      expect(await found()).toMatchObject({ away: false, behind: 21 });
      expect((await world.index.health()).detail).toContain('21 changes behind');
      await world.settle();
    }));

  it('rule 9, no room for it on the disk: sends and searches go on, health says why, it catches up', () =>
    withOkapis(async (world, found, say) => {
      await world.db.pool.query(`
        create function no_room() returns trigger language plpgsql as $$
          begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
        create trigger no_room before insert or update on search_message execute function no_room()`);
      await say();
      await expect(world.settle()).rejects.toThrow('No space left');
      expect(await found()).toMatchObject({ away: false, behind: 1 });
      expect(await world.index.health()).toMatchObject({
        ok: false,
        detail: expect.stringContaining('(53100): could not extend file: No space left on device'),
      });
      await world.db.pool.query('drop function no_room cascade');
      await world.settle();
    }));

  it('rule 9, page by page through long conversations: the same from the store as from the index', async () => {
    const world = await makeSearchWorld(postgresIndex);
    try {
      const ann = await world.person('Ann');
      for (const [title, every, count] of [
        ['Often', 1, 30_000],
        ['Seldom', 400, 70],
        ['Long ago', 1, 5_000],
      ] as const)
        await world.db.pool.query(
          `with c as (update conversation set head_seq = head_seq + $2, head_rev = head_rev + $2 where id = $1
             returning head_seq - $2 as seq, head_rev - $2 as rev)
           insert into message (conversation_id, seq, rev, sender_id, client_id, body, created_at)
           select $1, c.seq + n, c.rev + n, $3, gen_random_uuid(), case when n % 9 = 0 then 'Okapi ' || n else '你好' end,
             now() - interval '1 hour' + n * $4 * interval '100 ms'
           from c, generate_series(1, $2::int) n`,
          [await world.group(ann, title), count, ann.id, every],
        );
      await world.settle();
      const pages = async (): Promise<string[]> => {
        const keys: string[] = [];
        for (let cursor: string | null = null; ; ) {
          const { hits, next } = await world.ask(ann, 'okapi', { cursor, limit: 50 });
          keys.push(...hits.map(({ message }) => `${message.conversationId} ${message.seq}`));
          if (next === null || keys.length >= 1_000) return keys;
          cursor = next;
        }
      };
      const expected = await pages();
      expect(new Set(expected).size).toBe(1_000);
      await world.db.pool.query('alter table search_message rename to gone');
      expect(await pages()).toEqual(expected);
    } finally {
      await world.close();
    }
  });

  for (const [what, harm, mend] of [
    ['locked', 'begin; lock table search_message in access exclusive mode', 'commit'],
    [
      'renamed away',
      'alter table search_message rename to gone',
      'alter table gone rename to search_message',
    ],
  ] as const)
    it(`rule 9, ${what}: the store is searched`, () =>
      withOkapis(async (world, found) => {
        const client = await world.db.pool.connect();
        try {
          await client.query(harm);
          expect(await found()).toMatchObject({ away: true, complete: true });
        } finally {
          await client.query(mend);
          client.release();
        }
      }));
});
