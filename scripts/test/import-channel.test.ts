import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConversation, createDb, type Db, inboxEntry, withConversation } from '@lockstep/db';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importUbuntu } from './world.ts';

let database: TestDatabase;
let db: Db;
let folder: string;
let ann: string;
let bea: string;
beforeEach(async () => {
  database = await testDatabase();
  db = createDb({ connectionString: database.url, poolSize: 3 });
  folder = mkdtempSync(join(tmpdir(), 'lockstep-import-'));
  writeFileSync(join(folder, '2004-12-25.txt'), '[10:00] <cid> hello\n[10:01] <dora> hi\n');
  ann = await person('Ann', 'admin');
  bea = await person('Bea', 'member');
});
afterEach(async () => {
  await db.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const person = async (name: string, role: string) => {
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into "user" (name, email, role) values ($1, $2, $3::"WorkspaceRole") returning id`,
    [name, `${name.toLowerCase()}@example.org`, role],
  );
  return (rows[0] as { id: string }).id;
};

const make = async (
  kind: 'channel' | 'group',
  visibility: 'public' | 'private',
  owner: string,
  title = 'Ubuntu',
) => {
  const id = randomUUID();
  await createConversation(db, { id, kind, visibility, title, topic: null, createdBy: owner }, async (tx) => {
    await tx.appendSystem(owner, { type: 'created', title });
    await tx.join([owner], 'owner');
  });
  return id;
};

const run = (isPrivate: boolean, as: string | null = null) =>
  importUbuntu(db, { folder, isPrivate, as: as && `${as}@example.org` });

/** Everything that an import could change. */
const everything = async () => {
  const counts = await db.pool.query(
    `select (select count(*) from "user") as people, (select count(*) from conversation) as conversations,
       (select count(*) from message) as messages, (select count(*) from member) as members`,
  );
  return counts.rows;
};

describe('the channel that is imported into', () => {
  it.each<[string, () => Promise<unknown>, () => Promise<unknown>, string]>([
    [
      '--private, and the channel is public',
      () => make('channel', 'public', ann),
      () => run(true),
      '#ubuntu is a public channel, not a private one: leave out --private,',
    ],
    [
      '--private, and a public one of somebody else has the name',
      () => make('channel', 'public', bea, 'UBUNTU'),
      () => run(true),
      '#ubuntu is a public channel',
    ],
    [
      '--private, and an earlier import made it public',
      () => run(false),
      () => run(true),
      '#ubuntu is a public channel',
    ],
    [
      'no --private, and the channel is private',
      () => make('channel', 'private', ann),
      () => run(false),
      '#ubuntu is a private channel: say --private',
    ],
    [
      'no --private, and an earlier import made it private',
      () => run(true),
      () => run(false),
      '#ubuntu is a private channel: say --private',
    ],
    [
      'a private channel of an earlier import without the account in it',
      () => run(true, 'ann'),
      () => run(true, 'bea'),
      '#ubuntu is a private channel without Bea in it',
    ],
    ['a group', () => make('group', 'private', ann), () => run(false), '"ubuntu" is a group'],
    ['a group, and --private', () => make('group', 'private', ann), () => run(true), '"ubuntu" is a group'],
  ])('is refused before anything is written: %s', async (_, prepare, importing, message) => {
    await prepare();
    const before = await everything();
    await expect(importing()).rejects.toThrow(message);
    expect(await everything()).toEqual(before);
  });

  it.each<[string, 'public' | 'private', boolean]>([
    ['a private one with --private', 'private', true],
    ['a public one without it', 'public', false],
  ])('is the one of that name: %s', async (_, visibility, isPrivate) => {
    const id = await make('channel', visibility, ann);
    expect((await run(isPrivate)).conversationId).toBe(id);
  });

  it('is a public one of others, which the account joins', async () => {
    const id = await make('channel', 'public', bea);
    expect((await run(false)).conversationId).toBe(id);
    expect(await inboxEntry(db, ann, id)).toMatchObject({ role: 'member', unread: 0 });
  });

  it('is a new one where those of that name are not to be seen by the account', async () => {
    const hidden = [await make('channel', 'private', bea), await make('group', 'private', bea)];
    const left = await make('channel', 'private', ann);
    await withConversation(db, left, async (tx) => {
      await tx.join([bea], 'owner');
      await tx.leave(ann);
    });
    const { conversationId } = await run(false);
    expect([...hidden, left]).not.toContain(conversationId);
    expect(await inboxEntry(db, ann, conversationId)).toMatchObject({ role: 'owner' });
  });

  it('is the one with the wanted visibility where there are two', async () => {
    const open = await make('channel', 'public', ann);
    const closed = await make('channel', 'private', ann);
    expect((await run(true)).conversationId).toBe(closed);
    expect((await run(false)).conversationId).toBe(open);
  });

  it('may be in the archive of the account', async () => {
    const id = await make('channel', 'public', ann);
    await db.pool.query('update inbox_entry set archived_seq = 1 where user_id = $1', [ann]);
    const { added } = await run(false);
    expect(added).toBe(2);
    expect(await inboxEntry(db, ann, id)).toMatchObject({ unread: 0 });
  });
});
