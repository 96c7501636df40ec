import { randomUUID } from 'node:crypto';
import { actions, Budget, type Core, queries } from '@lockstep/core';
import { appendAudit, insertExport, listExports } from '@lockstep/db';
import { LIMITS } from '@lockstep/protocol';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// What one call gives is bounded in bytes and rows, and what is left out is told (docs/budget.md).

const BYTES = 1_000;
const TEXT = 'x'.repeat(400);
const from = { ipAddress: '10.1.2.3', userAgent: null };

let world: World;
let admin: TestPerson;
let ann: TestPerson;
let conversationId: string;
/** A call with a budget of so few bytes. */
let small: Core;
beforeAll(async () => {
  world = await makeWorld();
  admin = await world.person('Admin', { role: 'admin' });
  ann = await world.person('Ann');
  const made = await actions.createGroup(ann.actor, world.core, { title: 'Bounds', userIds: [] });
  conversationId = made.conversation.id;
  const limits = { loopMs: 1_000, ms: 10_000, statementMs: 10_000, rows: 10_000, bytes: BYTES };
  small = { ...world.core, budget: new Budget(limits) };
});
afterAll(() => world.close());

const send = async (body: string) => {
  const { seq } = await actions.sendMessage(ann.actor, world.core, {
    conversationId,
    clientId: randomUUID(),
    body,
  });
  return seq;
};
const edit = (seq: number, body: string) =>
  actions.editMessage(ann.actor, world.core, { conversationId, seq, body });

describe('the earlier texts of a message', () => {
  test('are the newest ones, and the first of them says how many are left out', async () => {
    const seq = await send(`${TEXT} 0`);
    for (let n = 1; n <= 6; n++) await edit(seq, `${TEXT} ${n}`);
    const whole = await queries.messageVersions(ann.actor, world.core, { conversationId, seq });
    expect(whole.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    const cut = await queries.messageVersions(ann.actor, small, { conversationId, seq });
    expect(cut).toEqual(whole.slice(-3));
    const history = await queries.messageHistory(admin.actor, small, from, {
      reason: 'a complaint',
      conversationId,
      seq,
    });
    expect(history.versions.map(({ version }) => version)).toEqual([4, 5, 6, 7]);
  });

  test('are one at least, however long', async () => {
    const seq = await send('x'.repeat(3_000));
    await edit(seq, 'short');
    expect(await queries.messageVersions(ann.actor, small, { conversationId, seq })).toHaveLength(1);
  });
});

test('message history: the messages nearest to the one that was opened, and recalled texts while they fit', async () => {
  const seqs: number[] = [];
  for (let n = 0; n < 7; n++) seqs.push(await send(`${TEXT} ${n}`));
  const middle = seqs[3] as number;
  const open = () =>
    queries.openHistory(admin.actor, small, from, {
      reason: 'a complaint',
      conversationId,
      seq: middle,
      limit: 50,
    });
  const page = await open();
  expect(page.messages.map(({ message }) => message.seq)).toEqual([middle - 1, middle, middle + 1]);
  expect([page.hasBefore, page.hasAfter]).toEqual([true, true]);

  for (const seq of seqs) await actions.recallMessage(ann.actor, world.core, { conversationId, seq });
  const recalled = (await open()).messages.filter(({ message }) => seqs.includes(message.seq));
  expect(recalled.map(({ message, versions }) => [message.body !== null, versions])).toEqual(
    [true, true, true, false, false, false, false].map((given) => [given, 1]),
  );
});

test('the audit log: a page ends early, says that there is more, and the pages together are the whole', async () => {
  for (let n = 0; n < 8; n++)
    await appendAudit(world.core.db, {
      actorId: admin.id,
      sessionId: admin.actor.sessionId,
      address: null,
      device: null,
      action: 'search',
      reason: `${n}`,
      asked: { text: TEXT },
      answered: 1,
      conversationIds: [randomUUID()],
    });
  const numbers: number[] = [];
  let longest = 0;
  for (let before: number | undefined; ; ) {
    const page = await queries.listAudit(admin.actor, small, { limit: 100, before });
    numbers.push(...page.entries.map(({ n }) => n));
    longest = Math.max(longest, page.entries.length);
    if (!page.hasMore) break;
    before = page.entries.at(-1)?.n;
  }
  const whole = await queries.listAudit(admin.actor, world.core, { limit: 100 });
  expect(whole.hasMore).toBe(false);
  expect(numbers).toEqual(whole.entries.map(({ n }) => n));
  expect(longest).toBeLessThan(whole.entries.length);
  expect((await queries.listAudit(admin.actor, world.core, { limit: 2 })).hasMore).toBe(true);
});

test('exports: the newest of them, without their conversations', async () => {
  for (let n = 0; n < 6; n++)
    await insertExport(world.core.db, {
      id: randomUUID(),
      createdBy: admin.id,
      reason: 'a complaint',
      query: { text: TEXT, state: 'all', from: null, to: null, timeZone: 'UTC' },
    });
  const all = await listExports(world.core.db);
  expect(all).toHaveLength(6);
  const cut = await actions.listExports(admin.actor, small);
  expect(cut.map(({ id }) => id)).toEqual(all.slice(0, cut.length).map(({ id }) => id));
  expect(cut.length).toBeGreaterThan(0);
  expect(cut.length).toBeLessThan(4);
});

test('devices: a page of them with the one that asks, and how many more there are', async () => {
  await world.core.db.pool.query(
    `insert into session (user_id, token, expires_at, last_active_at)
     select $1, gen_random_uuid()::text, now() + interval '1 day', now() + interval '1 hour' from generate_series(1, 150)`,
    [ann.id],
  );
  const { devices, more } = await queries.listDevices(ann.actor, world.core);
  expect(devices).toHaveLength(LIMITS.page);
  expect(devices[0]?.id).toBe(ann.actor.sessionId);
  expect(devices.length + more).toBe(151);
});
