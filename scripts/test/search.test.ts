import { randomUUID } from 'node:crypto';
import { actions } from '@lockstep/core';
import { postgresIndex } from '@lockstep/search';
import { makeWorld, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printStatus, rebuild, verify } from '../search/commands.ts';
import { silent } from './world.ts';

describe('npm run search', () => {
  let world: World;
  let conversationId: string;
  beforeAll(async () => {
    world = await makeWorld();
    const ann = await world.person('Ann');
    const group = await actions.createGroup(ann.actor, world.core, { title: 'Plans', userIds: [] });
    conversationId = group.conversation.id;
    for (const body of ['one', 'two', 'three'])
      await actions.sendMessage(ann.actor, world.core, { conversationId, clientId: randomUUID(), body });
  });
  afterAll(() => world.close());

  const run = async <T>(command: (parts: Parameters<typeof rebuild>[0]) => Promise<T>) => {
    const lines: string[] = [];
    const result = await command({
      db: world.core.db,
      index: postgresIndex(world.core.db),
      createProgress: silent,
      signal: new AbortController().signal,
      print: (line) => void lines.push(line),
    });
    return { result, text: lines.join('\n') };
  };

  it('status names what is behind, rebuild indexes it, verify finds nothing wrong', async () => {
    expect((await run(printStatus)).text).toMatch(/0\.0%\s+4 behind\s+Plans/);
    expect((await run(rebuild)).text).toMatch(/^4 messages indexed/);
    expect((await run(printStatus)).text).toContain('every conversation is indexed up to its head');
    const { result, text } = await run((parts) => verify({ ...parts, repair: false }));
    expect([result, text]).toEqual([true, expect.stringMatching(/^0 differences in 4 messages of 1 conv/)]);
  });

  it('verify names every difference, and --repair mends them', async () => {
    const { pool } = world.core.db;
    await pool.query('delete from search_message where seq = 2');
    await pool.query(`update search_message set tokens = '''other''' where seq = 3`);
    await pool.query(`update search_message set rev = 1 where seq = 4`);
    await pool.query(
      `insert into search_message select $1, 99, 99, sender_id, at, tokens from search_message where seq = 3`,
      [conversationId],
    );
    const { result, text } = await run((parts) => verify({ ...parts, repair: false }));
    expect(result).toBe(false);
    for (const [kind, seq] of [
      ['missing', 2],
      ['different', 3],
      ['stale', 4],
      ['extra', 99],
    ])
      expect(text).toContain(`${kind}  ${conversationId}  ${seq}`);
    const { index } = world.core.search;
    expect(await index.health()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('4 differences'),
    });
    expect((await run((parts) => verify({ ...parts, repair: true }))).text).toContain('all were mended');
    expect((await run((parts) => verify({ ...parts, repair: false }))).result).toBe(true);
    expect((await index.health()).ok).toBe(true);
  });

  it('a first build that was killed in the middle is mended by the next', async () => {
    const { pool } = world.core.db;
    await pool.query('drop index search_message_tokens_idx, search_message_at_idx');
    await world.core.search.index.prepare();
    const { rows } = await pool.query<{ n: number }>(
      `select count(*)::int as n from pg_indexes where tablename = 'search_message'`,
    );
    expect(rows[0]?.n).toBe(5);
  });
});
