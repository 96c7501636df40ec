import { fanOut } from '@lockstep/db';
import type { Message } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { until } from '../server.ts';
import { agree, ownServer, say, scene, server, shows, start, THRESHOLD, texts } from './scene.ts';

ownServer();

/** Of all that moves; resolves to what puts it back. */
const backup = async (): Promise<() => Promise<void>> => {
  const { pool } = server.backend.core.db;
  const tables = ['conversation', 'message', 'inbox_entry', 'inbox_cursor', 'checkpoint'];
  for (const name of tables)
    await pool.query(
      `drop table if exists backup_${name}; create table backup_${name} as select * from "${name}"`,
    );
  return async () => {
    const client = await pool.connect();
    try {
      await client.query("set session_replication_role = 'replica'");
      for (const name of tables) {
        // What Postgres generates by itself cannot be put in.
        const { rows } = await client.query<{ columns: string }>(
          `select string_agg(quote_ident(column_name), ', ') as columns from information_schema.columns
           where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER'`,
          [name],
        );
        const columns = rows[0]?.columns;
        await client.query(
          `delete from "${name}"; insert into "${name}" (${columns}) select ${columns} from backup_${name}`,
        );
      }
      await client.query("set session_replication_role = 'origin'");
    } finally {
      client.release();
    }
  };
};

describe('a client made from docs/sync.md', () => {
  it('catches up with messages, edits, recalls and a new title that it missed (rule 6)', async () => {
    const all = await scene();
    const { ann, ben, id, client } = all;
    const sent: Message[] = [];
    for (const text of ['one', 'two', 'three']) sent.push(await say(ben, id, text));
    await shows(client, id, ['one', 'two', 'three']);
    client.line.stop();
    const at = (i: number) => ({ conversationId: id, seq: (sent[i] as Message).seq });
    await ben.http.mutate('messages.edit', { ...at(0), body: `ONE <@${ann.me.id}>` });
    await ben.http.mutate('messages.recall', at(1));
    const four = await say(ben, id, 'four');
    await say(ben, id, 'five');
    // Comes after "five" by rev, before it by seq.
    await ben.http.mutate('messages.edit', { conversationId: id, seq: four.seq, body: 'FOUR' });
    await ben.http.mutate('conversations.rename', { conversationId: id, title: 'Coffee' });
    await start(client);
    await shows(client, id, [`ONE <@${ann.me.id}>`, null, 'three', 'FOUR', 'five']);
    await agree(all);
    expect(client.state.entries.get(id)).toMatchObject({ unread: 4, mentions: 1 });
  });

  it('gets reset when it is more than 1,000 changed messages behind (rule 8)', async () => {
    const all = await scene();
    const { ben, id, client } = all;
    const first = await say(ben, id, 'first');
    await shows(client, id, ['first']);
    client.line.stop();
    for (let n = 0; n < 1_040; n += 40)
      await Promise.all(Array.from({ length: 40 }, (_, i) => say(ben, id, `message ${n + i}`)));
    await ben.http.mutate('messages.edit', { conversationId: id, seq: first.seq, body: 'FIRST' });
    const before = client.state.timelines.get(id);
    await start(client);
    await expect.poll(() => texts(client, id)?.length).toBe(1_041);
    expect(client.state.timelines.get(id)).not.toBe(before);
    expect(texts(client, id)?.[0]).toBe('FIRST');
    await agree(all);
    expect(client.state.entries.get(id)).toMatchObject({ unread: 100 });
  });

  it.each([
    ['that is shorter than its cursor', false],
    ['that has gone past its cursor since', true],
  ])('starts again after the server was restored to an earlier state %s (rule 8)', async (_, isPast) => {
    const all = await scene();
    const { ben, id, engine, client } = all;
    await say(ben, id, 'one');
    await shows(client, id, ['one']);
    await agree(all);
    const restore = await backup();
    for (let n = 0; n < 5; n++) await client.personal(id, { pinned: n % 2 === 0 });
    await say(ben, id, 'lost');
    await say(ben, id, 'lost too');
    await shows(client, id, ['one', 'lost', 'lost too']);
    await agree(all);
    // Pushes with holes between them leave the cursor where it was; only one ahead of the server's tells of the restore.
    engine.suspend();
    engine.wake();
    await until(engine, 'in step', () => engine.getState().pos === engine.getState().inbox.get(id)?.pos);
    client.line.stop();
    engine.suspend();
    await restore();
    if (isPast) {
      await server.backend.core.db.pool.query('update workspace set generation = gen_random_uuid()');
      for (let n = 0; n < 20; n++)
        await ben.http.mutate('conversations.createGroup', { title: `${n}`, userIds: [all.ann.me.id] });
    }
    for (const text of ['two', 'three', 'four']) await say(ben, id, text);
    await fanOut(server.backend.core.db, [id], { threshold: THRESHOLD });
    await start(client);
    engine.wake();
    await shows(client, id, ['one', 'two', 'three', 'four']);
    await agree(all);
  });
});
