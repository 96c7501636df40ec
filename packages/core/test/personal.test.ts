import { actions, queries } from '@lockstep/core';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from '@lockstep/db';
import { type DigestRange, entryDigest, LIMITS, messagesDigest, overallDigest } from '@lockstep/protocol';
import type { TestPerson } from '@lockstep/testing';
import { describe, expect, test } from 'vitest';
import { ann, bob, conversationId, eve, ownTrip, send, world } from './trip.ts';

ownTrip();

describe('what is personal', () => {
  test('is told to the own devices, once, and to nobody else', async () => {
    const pin = () => actions.setPersonal(ann.actor, world.core, { conversationId, pinned: true });
    const entry = await pin();
    expect(await pin()).toEqual(entry);
    expect(world.published.all).toEqual([{ to: 'inbox', userId: ann.id, entry }]);
    expect((await queries.getConversation(bob.actor, world.core, { conversationId })).pinnedAt).toBeNull();
  });

  test('a draft is told to the own devices when it is stored, and not when another device was first', async () => {
    const write = (text: string, baseVersion: number) =>
      actions.setDraft(ann.actor, world.core, { conversationId, text, baseVersion });
    const first = await write('from the phone', 0);
    expect(first).toMatchObject({ stored: true, entry: { draft: { text: 'from the phone', version: 1 } } });
    expect(await write('from the laptop', 0)).toEqual({ stored: false, entry: first.entry });
    expect(world.published.all).toEqual([{ to: 'inbox', userId: ann.id, entry: first.entry }]);
    expect((await queries.getConversation(bob.actor, world.core, { conversationId })).draft).toBeNull();
  });
});

describe('receipts', () => {
  const list = (who: TestPerson) => queries.listReceipts(who.actor, world.core, { conversationId });

  test('say how far each member has read (rule 7), and nothing to strangers (rule 10)', async () => {
    const { seq } = await send(ann, 'Hello');
    await actions.setReadPosition(bob.actor, world.core, { conversationId, seq });
    expect(new Map((await list(ann)).map(({ userId, readSeq }) => [userId, readSeq]))).toEqual(
      new Map([
        // As of the message that made the group: what the owner has sent since says so itself.
        [ann.id, 1],
        [bob.id, seq],
      ]),
    );
    await expect(list(eve)).rejects.toMatchObject({ code: 'not_found' });
    await actions.removeMember(ann.actor, world.core, { conversationId, userId: bob.id });
    await expect(list(bob)).rejects.toMatchObject({ code: 'not_found' });
    expect((await list(ann)).map(({ userId }) => userId)).toEqual([ann.id]);
  });

  test('not in channels, and not from 50 members on: neither listed nor pushed', async () => {
    const read = (id: string) =>
      actions.setReadPosition(ann.actor, world.core, { conversationId: id, seq: 1_000 });
    const channel = await actions.createChannel(ann.actor, world.core, {
      title: 'News',
      visibility: 'private',
      userIds: [bob.id],
    });
    const members = world.core.db.pool.query<{ id: string }>(
      `insert into "user" (name, email) select 'P' || n, n || '@many.invalid' from generate_series(3, $1) n returning id`,
      [LIMITS.receiptMembers],
    );
    const userIds = (await members).rows.map(({ id }) => id);
    await actions.addMembers(ann.actor, world.core, { conversationId, userIds: userIds.slice(1) });
    expect(await list(ann)).toHaveLength(LIMITS.receiptMembers - 1);
    await actions.addMembers(ann.actor, world.core, { conversationId, userIds: userIds.slice(0, 1) });
    expect(await list(ann)).toEqual([]);
    for (const id of [channel.conversation.id, conversationId]) {
      world.published.clear();
      await actions.sendMessage(bob.actor, world.core, {
        conversationId: id,
        clientId: crypto.randomUUID(),
        body: 'Hello',
      });
      await read(id);
      expect(world.published.of('receipt')).toEqual([]);
      expect(world.published.of('inbox')).toHaveLength(1);
    }
  });
});

describe('digest', () => {
  test('rule 12: the same as a device computes from what it was told, over the same ranges', async () => {
    for (const body of ['one', 'two', 'three']) await send(bob, `${body} <@${ann.id}>`);
    await actions.recallMessage(bob.actor, world.core, { conversationId, seq: 4 });
    await actions.setPersonal(ann.actor, world.core, { conversationId, archived: true, placeSeq: 2 });
    await actions.setDraft(ann.actor, world.core, { conversationId, text: 'unsent', baseVersion: 0 });
    const left = await actions.createGroup(bob.actor, world.core, { title: 'Left', userIds: [ann.id] });
    await actions.leaveConversation(ann.actor, world.core, { conversationId: left.conversation.id });
    const { entries } = await queries.pullInbox(ann.actor, world.core, {
      afterPos: 0,
      limit: 1_000,
      timelines: [],
    });
    const held = Object.fromEntries(
      entries.filter(({ role }) => role).map((entry) => [entry.conversation.id, entryDigest(entry)]),
    );
    expect(Object.keys(held)).toContain(conversationId);
    const at = { conversationId, from: 2, to: 4 };
    const { messages } = await queries.messagesAfter(ann.actor, world.core, {
      conversationId,
      seq: 1,
      limit: 3,
    });
    const ranges = [at, { ...at, from: 90, to: 99 }, { ...at, conversationId: left.conversation.id }];
    expect(await queries.pullDigest(ann.actor, world.core, { ranges })).toEqual({
      overall: overallDigest(held),
      conversations: held,
      ranges: [messagesDigest(messages), messagesDigest([]), null],
    });
    const before = await queries.pullDigest(ann.actor, world.core, { ranges });
    await actions.editMessage(bob.actor, world.core, { conversationId, seq: 3, body: 'ONE' });
    const after = await queries.pullDigest(ann.actor, world.core, { ranges });
    expect(after.overall).not.toBe(before.overall);
    expect(after.ranges[0]).not.toBe(before.ranges[0]);
    expect(after.conversations[left.conversation.id]).toBeUndefined();
  });

  test('rule 10: says nothing of the conversations of others, and refuses ranges without end', async () => {
    const at = { conversationId, from: 1, to: 3 };
    const { conversations, ranges } = await queries.pullDigest(eve.actor, world.core, { ranges: [at] });
    expect({ conversations, ranges }).toEqual({ conversations: {}, ranges: [null] });
    await expect(
      queries.pullDigest(ann.actor, world.core, { ranges: [{ ...at, to: 2_000_000_000 }] }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  /** Messages of Bob, put into the store as they are. */
  const fill = async (count: number, characters: number) => {
    const { conversation } = await actions.createGroup(bob.actor, world.core, {
      title: 'Long',
      userIds: [ann.id],
    });
    await world.core.db.pool.query(
      `with head as (update conversation set head_seq = head_seq + $2, head_rev = head_rev + $2 where id = $1)
       insert into message (conversation_id, seq, rev, sender_id, client_id, body, created_at)
       select $1, 10 + n, 10 + n, $3, gen_random_uuid(), repeat(chr(128512), $4) || n, now() from generate_series(1, $2) n`,
      [conversation.id, count, bob.id, characters],
    );
    return { conversationId: conversation.id, from: 1, to: count + 10 };
  };

  test('of a long run, read in parts, is that of the whole', async () => {
    for (const range of [await fill(1_100, 1), await fill(90, LIMITS.messageText - 10)]) {
      const { rows } = await world.core.db.pool.query<MessageRow>(
        `select ${MESSAGE_COLUMNS} from message m where m.conversation_id = $1 order by m.seq`,
        [range.conversationId],
      );
      const { ranges } = await queries.pullDigest(ann.actor, world.core, { ranges: [range] });
      expect(ranges).toEqual([messagesDigest(rows.map(toMessage))]);
      // Its end may fall on the end of a part.
      const part = { ...range, from: 11, to: 510 };
      const { ranges: parts } = await queries.pullDigest(ann.actor, world.core, { ranges: [part] });
      expect(parts).toEqual([
        messagesDigest(rows.map(toMessage).filter(({ seq }) => seq >= 11 && seq <= 510)),
      ]);
    }
  });

  test('is refused where its ranges overlap, or their texts are too long together', async () => {
    const range = await fill(800, LIMITS.messageText - 10);
    const digest = (...ranges: DigestRange[]) => queries.pullDigest(ann.actor, world.core, { ranges });
    for (const ranges of [
      [range, range],
      [range, { ...range, from: range.to, to: range.to + 1 }],
      [
        { ...range, from: 5, to: 8 },
        { ...range, from: 20, to: 30 },
        { ...range, from: 8, to: 10 },
      ],
    ])
      await expect(digest(...ranges)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(digest(range)).rejects.toMatchObject({ code: 'too_costly' });
    // Who cannot see them learns nothing of how long they are.
    expect((await queries.pullDigest(eve.actor, world.core, { ranges: [range] })).ranges).toEqual([null]);
    const half = { ...range, to: 300 };
    expect((await digest(half, { ...range, from: 301, to: 400 })).ranges).toHaveLength(2);
  });
});
