import { laggingConversations } from '@lockstep/db';
import { expect, it } from 'vitest';
import { postgresIndex } from '../src/index.ts';
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
