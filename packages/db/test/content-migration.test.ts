import { applyMigrations, fanOut, inboxEntry, messagesBefore } from '@lockstep/db';
import { isRecalled, type Message, stateOf } from '@lockstep/protocol';
import { expect, it } from 'vitest';
import { db, editMessage, makeGroup, ownWorld, recallMessage, say, uuid, world } from './world.ts';

ownWorld();

const MIGRATIONS = ['20261129210000_one_content', '20261130010000_state_check'];

/** The database as the version before left it. */
const goBack = async () => {
  await db.pool.query('drop trigger message_state_check on message');
  await db.pool.query('drop function refuse_two_states');
  await db.pool.query(`alter table message drop column text_rev, drop column state, drop column content,
    drop column annotations`);
  await db.pool.query('alter table message_version drop column content');
  await db.pool.query('drop type "MessageState"');
  await db.pool.query('delete from _prisma_migrations where migration_name = any($1)', [MIGRATIONS]);
};

it('messages of the version before get their state, and are what they were', async () => {
  const [me, other] = [uuid(), uuid()];
  const id = await makeGroup(db, [me, other]);
  const [plain, edited, recalled] = [await say(id, me), await say(id, other, 'helo'), await say(id, other)];
  const target = (message: Message) => ({ conversationId: id, seq: message.seq, actorId: other });
  await editMessage(db, { ...target(edited), body: 'hello' });
  await recallMessage(db, target(recalled));
  await fanOut(db, [id], { threshold: 500 });
  const before = (await messagesBefore(db, me, { conversationId: id, limit: 50 })).messages;
  const entry = await inboxEntry(db, me, id);

  await goBack();
  expect(await applyMigrations(world.url)).toEqual(MIGRATIONS);

  // What is prepared on the connections of before has other columns.
  const fresh = world.another();
  const after = (await messagesBefore(fresh, me, { conversationId: id, limit: 50 })).messages;
  expect(after).toEqual(before);
  expect(after.map(({ state }) => state)).toEqual(['system', 'live', 'live', 'recalled']);
  expect(after.map(({ textRev }) => textRev)).toEqual([undefined, undefined, undefined, undefined]);
  expect(await inboxEntry(fresh, me, id)).toEqual(entry);
  expect([plain, edited].map(isRecalled)).toEqual([false, false]);
  // As a device guesses it for what it holds from then.
  expect(after.map(({ state: _, ...old }) => stateOf(old))).toEqual(after.map(({ state }) => state));
});

it('no statement can recall a message without its state', async () => {
  const me = uuid();
  const id = await makeGroup(db, [me]);
  const { seq } = await say(id, me);
  const change = (set: string) =>
    db.pool.query(`update message set ${set} where conversation_id = $1 and seq = $2`, [id, seq]);
  const refused = { code: '23514', constraint: 'message_state_check' };
  await expect(change('recalled_at = now()')).rejects.toMatchObject(refused);
  await expect(change("state = 'recalled'")).rejects.toMatchObject(refused);
  await expect(change("state = 'system'")).rejects.toMatchObject(refused);
  await change("state = 'recalled', recalled_at = now(), body = null");
});
