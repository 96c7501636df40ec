import { laggingConversations } from '@lockstep/db';
import { expect, it } from 'vitest';
import { postgresIndex } from '../src/index.ts';
import { Frequencies } from '../src/postgres/frequencies.ts';
import { describeSearchIndex } from './contract.ts';
import { makeSearchWorld } from './world.ts';

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

it('wiped under load: nothing lost, health says so, it heals by itself, verify finds no difference (rule 9)', async () => {
  const world = await makeSearchWorld(postgresIndex);
  try {
    const ann = await world.person('Ann');
    const id = await world.group(ann, 'Plans');
    // A conversation without a text is no sign of a wipe.
    await world.settle();
    await world.index.heal();
    expect(await laggingConversations(world.db, 'index', 1)).toEqual([]);
    for (let i = 0; i < 20; i++) await world.send(ann, id, `okapi ${i}`);
    await world.settle();

    await world.db.pool.query('truncate search_message, search_word');
    await world.send(ann, id, 'okapi 20');
    await world.index.heal();
    // Not indexed, and known to be so: found directly until it is.
    expect((await world.ask(ann, 'okapi')).hits).toHaveLength(21);
    expect((await world.index.health()).detail).toContain('changes behind');
    await world.settle();
    await world.index.heal();
    expect((await world.ask(ann, 'okapi')).reach).toMatchObject({ behind: 0, complete: true });
    expect((await world.ask(ann, 'okapi')).hits).toHaveLength(21);
    expect((await world.ask(ann, 'okappi')).forgiven).toBe(true);
    expect((await world.index.verify({})).differences).toBe(0);
  } finally {
    await world.close();
  }
});
