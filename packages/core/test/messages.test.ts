import { actions, queries } from '@lockstep/core';
import { mention, type Person } from '@lockstep/protocol';
import { makeWorld, type TestPerson } from '@lockstep/testing';
import { describe, expect, test } from 'vitest';
import { ann, bob, conversationId, eve, ownTrip, send, world } from './trip.ts';

describe('messages', () => {
  ownTrip();
  const pushed = () => world.published.messages(conversationId);
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

  test('a message is answered, pushed and wakes the fan-out', async () => {
    const message = await send(ann, 'Hello');
    expect(message).toMatchObject({ conversationId, seq: 3, rev: 3, senderId: ann.id, body: 'Hello' });
    await nextTurn();
    expect(pushed()).toEqual([message]);
    expect(world.enqueued).toEqual([conversationId]);
  });

  test('people travel with the messages that name them: in pages, in changes and with the inbox', async () => {
    await send(bob, `ask ${mention(eve.id)}`);
    const at = { conversationId, limit: 50 };
    const names = ({ people = [] }: { people?: Person[] }) => people.map(({ name }) => name).sort();
    const named = [ann.name, bob.name, eve.name].sort();
    const { actor } = ann;
    expect(names(await queries.messagesBefore(actor, world.core, at))).toEqual(named);
    expect(names(await queries.messagesAfter(actor, world.core, { ...at, seq: 0 }))).toEqual(named);
    expect(names(await queries.messagesAround(actor, world.core, { ...at, seq: 1 }))).toEqual(named);
    expect(names(await queries.pullChanges(actor, world.core, { ...at, afterRev: 0 }))).toEqual(named);
    const timelines = [{ conversationId, afterRev: 0 }];
    const inbox = await queries.pullInbox(actor, world.core, { afterPos: 0, limit: 50, timelines });
    expect(names(inbox)).toEqual(expect.arrayContaining(named));
    expect(new Set(inbox.people.map(({ id }) => id)).size).toBe(inbox.people.length);
  });

  test('a retry is answered with the first and not pushed again (rule 2)', async () => {
    const clientId = crypto.randomUUID();
    const first = await send(ann, 'Hello', clientId);
    await nextTurn();
    world.published.clear();
    expect(await send(ann, 'Hello again', clientId)).toEqual(first);
    await nextTurn();
    expect(pushed()).toEqual([]);
  });

  test('sent at once: pushed in rev order without gaps, a batch as one event', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, n) => send(n % 2 ? ann : bob, `Message ${n}`)));
    await nextTurn();
    expect(pushed().map(({ rev }) => rev)).toEqual(Array.from({ length: 300 }, (_, n) => n + 3));
    expect(world.published.of('changes').length).toBeLessThan(20);
  });

  test('strangers send nothing, and nothing is pushed', async () => {
    await expect(send(eve, 'Hello')).rejects.toMatchObject({ code: 'not_found' });
    await nextTurn();
    expect(world.published.all).toEqual([]);
  });

  test('an edit is pushed with a new rev and keeps the first text as a version', async () => {
    const { seq } = await send(ann, 'Helo');
    await nextTurn();
    world.published.clear();
    const edited = await actions.editMessage(ann.actor, world.core, { conversationId, seq, body: 'Hello' });
    expect(edited).toMatchObject({ seq, rev: 4, body: 'Hello' });
    expect(pushed()).toEqual([edited]);
    expect(await queries.messageVersions(bob.actor, world.core, { conversationId, seq })).toMatchObject([
      { version: 1, body: 'Helo' },
    ]);
    world.published.clear();
    await actions.editMessage(ann.actor, world.core, { conversationId, seq, body: 'Hello' });
    expect(pushed()).toEqual([]);
  });

  test('an edit on top of an older text is refused, told by `editedAt`; a repeat is not', async () => {
    const { seq } = await send(ann, 'plan A');
    const edit = (body: string, baseEditedAt?: number | null) =>
      actions.editMessage(ann.actor, world.core, { conversationId, seq, body, baseEditedAt });
    const { editedAt } = await edit('plan B', null);
    await expect(edit('plan C', null)).rejects.toMatchObject({ code: 'conflict' });
    // The answer of the first was lost.
    await expect(edit('plan B', null)).resolves.toMatchObject({ body: 'plan B', editedAt });
    await expect(edit('plan C', editedAt)).resolves.toMatchObject({ body: 'plan C' });
    await expect(edit('plan D', editedAt)).rejects.toMatchObject({ code: 'conflict' });
    await expect(edit('plan D')).resolves.toMatchObject({ body: 'plan D' });
  });

  test('a workspace may keep the earlier texts to their author and administrators', async () => {
    const { seq } = await send(bob, 'the first text');
    await actions.editMessage(bob.actor, world.core, { conversationId, seq, body: 'the second' });
    const versions = (who: TestPerson, role: 'admin' | 'member' = 'member') =>
      queries.messageVersions({ ...who.actor, role }, world.core, { conversationId, seq });
    const from = { ipAddress: '192.0.2.7', userAgent: 'a test' };
    const admin = { ...ann.actor, role: 'admin' as const };
    const set = (readers: 'members' | 'author') =>
      actions.setEarlierTexts(admin, world.core, from, { readers });
    // What the page says to whoever edits.
    const reported = async () => (await queries.getMe(bob.actor, world.core)).earlierTexts;
    await expect(versions(ann)).resolves.toHaveLength(1);
    expect(await reported()).toBe('members');
    await set('author');
    expect(await reported()).toBe('author');
    await expect(versions(ann)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(versions(eve)).rejects.toMatchObject({ code: 'not_found' });
    await expect(versions(bob)).resolves.toHaveLength(1);
    await expect(versions(ann, 'admin')).resolves.toHaveLength(1);
    await set('members');
    expect(await reported()).toBe('members');
    await expect(versions(ann)).resolves.toHaveLength(1);
    const asMember = actions.setEarlierTexts({ ...ann.actor, role: 'member' }, world.core, from, {
      readers: 'author',
    });
    await expect(asMember).rejects.toMatchObject({ code: 'forbidden' });
    const log = await queries.listAudit(admin, world.core, { limit: 10 });
    expect(log.earlierTexts).toBe('members');
    const entry = { action: 'setting', actorId: ann.id, address: '192.0.2.7', answered: 0 };
    expect(log.entries.filter(({ asked }) => 'earlierTexts' in asked)).toEqual([
      expect.objectContaining({ ...entry, asked: { earlierTexts: 'members' } }),
      expect.objectContaining({ ...entry, asked: { earlierTexts: 'author' } }),
    ]);
  });

  test('nobody edits what others wrote', async () => {
    const { seq } = await send(ann, 'Hello');
    const edit = (who: TestPerson) =>
      actions.editMessage(who.actor, world.core, { conversationId, seq, body: 'x' });
    await expect(edit(bob)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(edit(eve)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a recall leaves a tombstone, for everyone', async () => {
    const { seq } = await send(bob, 'Oops');
    await nextTurn();
    world.published.clear();
    const recalled = await actions.recallMessage(bob.actor, world.core, { conversationId, seq });
    expect(recalled).toMatchObject({ seq, body: null });
    expect(recalled.recalledAt).not.toBeNull();
    expect(pushed()).toEqual([recalled]);
    expect(await queries.messageVersions(ann.actor, world.core, { conversationId, seq })).toEqual([]);
    const edit = actions.editMessage(bob.actor, world.core, { conversationId, seq, body: 'x' });
    await expect(edit).rejects.toMatchObject({ code: 'conflict' });
  });

  test('owners recall what members wrote, members not what owners wrote', async () => {
    const ofAnn = await send(ann, 'mine');
    const ofBob = await send(bob, 'yours');
    const recall = (who: TestPerson, seq: number) =>
      actions.recallMessage(who.actor, world.core, { conversationId, seq });
    await expect(recall(bob, ofAnn.seq)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await recall(ann, ofBob.seq)).body).toBeNull();
  });

  test('in a direct each recalls only the own', async () => {
    const direct = (await actions.openDirect(ann.actor, world.core, { userId: bob.id })).conversation;
    const { seq } = await actions.sendMessage(bob.actor, world.core, {
      conversationId: direct.id,
      clientId: crypto.randomUUID(),
      body: 'from Bob',
    });
    await expect(
      actions.recallMessage(ann.actor, world.core, { conversationId: direct.id, seq }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('reading is told to the own devices, once, and only grows (rule 7)', async () => {
    const { seq } = await send(ann, 'Hello');
    await nextTurn();
    world.published.clear();
    const read = (to: number) => actions.setReadPosition(bob.actor, world.core, { conversationId, seq: to });
    expect(await read(seq)).toMatchObject({ readSeq: seq, unread: 0 });
    expect(world.published.all).toMatchObject([
      { to: 'inbox', userId: bob.id, entry: { readSeq: seq } },
      { to: 'receipt', event: { conversationId, userId: bob.id, readSeq: seq } },
    ]);
    world.published.clear();
    expect(await read(1)).toMatchObject({ readSeq: seq });
    expect(world.published.all).toEqual([]);
    expect(await read(seq + 1_000)).toMatchObject({ readSeq: seq });
  });
});

describe('people', () => {
  test('found by name, never by e-mail; names, not patterns', async () => {
    const world = await makeWorld();
    try {
      const ann = await world.person('Ann Smith');
      await world.person('Joanna');
      await world.person('100%');
      const search = async (query: string) =>
        (await queries.searchPeople(ann.actor, world.core, { query, limit: 10, active: false })).map(
          ({ name }) => name,
        );
      expect(await search('ann')).toEqual(['Ann Smith', 'Joanna']);
      expect(await search('invalid')).toEqual([]);
      expect(await search('%')).toEqual(['100%']);
      const me = await actions.renameMe(
        ann.actor,
        world.core,
        { ipAddress: null, userAgent: null },
        { name: 'Ann Jones' },
      );
      expect(me).toMatchObject({ id: ann.id, name: 'Ann Jones', sessionId: ann.actor.sessionId });
      const [person] = await queries.getPeople(ann.actor, world.core, {
        userIds: [ann.id, crypto.randomUUID()],
      });
      expect(person).toEqual({
        id: ann.id,
        name: 'Ann Jones',
        image: null,
        placeholder: false,
        rev: expect.any(Number),
        lastSeenAt: null,
      });
    } finally {
      await world.close();
    }
  });
});
