import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareDatabase, type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import pg from 'pg';
import { afterEach } from 'vitest';

const open: TestDatabase[] = [];
const folders: string[] = [];

/** Databases and folders that are gone after the test, with `clearAfterEach`. */
export const bare = async (): Promise<string> => keep(await bareDatabase());
export const migrated = async (): Promise<string> => keep(await testDatabase());
const keep = (database: TestDatabase): string => {
  open.push(database);
  return database.url;
};

export const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-backup-'));
  folders.push(folder);
  return folder;
};

const clear = async () => {
  await Promise.all(open.splice(0).map((database) => database.drop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

/** Called once at the top of a file: test files share this module, so it cannot do so by itself. */
export const clearAfterEach = (): void => {
  afterEach(clear);
};

export const ask = async <T extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
};

/** Of each table the number of its rows, and a sum over all that is in them, whatever their order. */
export const sumsOf = async (url: string): Promise<Record<string, string>> => {
  const tables = await ask<{ name: string }>(
    url,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const [sum] = await ask<{ sum: string }>(
      url,
      `select count(*) || ' ' || coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::int8), 0) as sum from "${name}" t`,
    );
    sums[name] = sum?.sum ?? '';
  }
  return sums;
};

/** A few rows in every table there is. */
export const fillEveryTable = async (url: string): Promise<void> => {
  await ask(
    url,
    `insert into "user" (id, name, email) select uuidv7(), 'Ann ' || i, 'ann' || i || '@example.org' from generate_series(1, 20) i;
     update "user" set name = E'Zoë\\tO''Neil\\n\\\\N 张伟' where email = 'ann1@example.org';
     insert into workspace (id) values (1);
     insert into session (user_id, token, expires_at) select id, 'token ' || id, now() from "user";
     insert into account (user_id, account_id, provider_id, updated_at) select id, id::text, 'credential', now() from "user";
     insert into verification (identifier, value, expires_at, updated_at) values ('a', 'b', now(), now());
     insert into invitation (code_hash, created_by, expires_at, uses_left) values ('x', uuidv7(), now(), 3);
     insert into revoked_session (token_hash, expires_at) values ('x', now());
     insert into password_reset (user_id, code_hash, expires_at) select id, 'x', now() from "user" limit 1;
     insert into conversation (id, kind, title, created_by, head_seq, head_rev)
       select uuidv7(), 'group', 'Straße ' || i, uuidv7(), 50, 50 from generate_series(1, 10) i;
     insert into member (conversation_id, user_id, joined_seq, joined_rev) select c.id, u.id, 0, 0 from conversation c, "user" u;
     insert into message (conversation_id, seq, rev, sender_id, client_id, body, content, state)
       select c.id, s, s, u.id, uuidv7(), repeat('word ' || s || ' ', 20), '{"a": [1, "b"]}', 'live'
       from conversation c, generate_series(1, 50) s, (select id from "user" limit 1) u;
     insert into mention (conversation_id, user_id, seq) select conversation_id, sender_id, seq from message where seq < 3;
     insert into message_version (conversation_id, seq, version, body, created_at, sent_at)
       select conversation_id, seq, 1, 'earlier', now(), now() from message where seq < 3;
     insert into checkpoint (conversation_id, consumer, rev) select id, 'fanout', 50 from conversation;
     insert into consumer_start (consumer) values ('x');
     insert into search_message (conversation_id, seq, rev, sender_id, at, tokens, codes)
       select conversation_id, seq, rev, sender_id, now(), to_tsvector('simple', body), 'a-1' from message;
     insert into search_word (word) select 'word' || i from generate_series(1, 30) i;
     insert into search_state (engine, generation) values ('postgres', gen_random_uuid());
     insert into saved_search (user_id, text, used_at) select id, 'x', now() from "user" limit 1;
     insert into inbox_cursor (user_id, pos) select id, 10 from "user";
     insert into inbox_entry (user_id, conversation_id, pos, head_rev)
       select u.id, c.id, row_number() over (partition by u.id), 50 from conversation c, "user" u;
     insert into audit_entry (n, at, actor_id, actor_name, session_id, action, reason, asked, answered, conversation_ids, previous, hash)
       select i, now(), uuidv7(), 'Ann', uuidv7(), 'look', 'why', '{}', 1, array[uuidv7()], 'x', 'y' from generate_series(1, 5) i;
     insert into audit_head (id, n, hash) values (1, 5, 'y');
     insert into history_export (id, created_by, reason, query) values (uuidv7(), uuidv7(), 'why', '{}')`,
  );
};
