import { type Appended, changeMessage, type Db, withConversation } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import {
  db,
  editMessage,
  gate,
  makeGroup,
  ownWorld,
  recallMessage,
  say,
  shapeOf,
  upTo,
  uuid,
  world,
} from './world.ts';

ownWorld();

describe('append', () => {
  it('rule 1: hundreds of senders over several processes leave seq and rev dense', async () => {
    const people = upTo(300).map(uuid);
    const id = await makeGroup(db, people);
    const processes = [db, world.another(), world.another()];
    const sent = await Promise.all(
      people.flatMap((senderId, i) =>
        upTo(4).map((n) =>
          (processes[(i + n) % 3] as Db).appender.append({
            conversationId: id,
            senderId,
            clientId: uuid(),
            body: `${n}`,
          }),
        ),
      ),
    );
    const shape = await shapeOf(db, id);
    expect(shape.seqs).toEqual(upTo(1_201));
    expect(shape.revs).toEqual(upTo(1_201));
    expect(shape).toMatchObject({ head_seq: 1_201, head_rev: 1_201 });
    expect(sent.map((one) => one.message.seq).sort((a, b) => a - b)).toEqual(upTo(1_201).slice(1));
  });

  it('rule 1: one sender’s messages keep the order in which they were sent', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    const sent = await Promise.all(
      upTo(600).map((n) =>
        db.appender.append({ conversationId: id, senderId: me, clientId: uuid(), body: `${n}` }),
      ),
    );
    expect(sent.map((one) => one.message.seq)).toEqual(upTo(601).slice(1));
  });

  it('rule 2: a client id is stored once, in one batch, over processes and later', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    const ids = upTo(40).map(uuid);
    const other = world.another();
    const send = (from: Db, clientId: string) =>
      from.appender.append({ conversationId: id, senderId: me, clientId, body: clientId });
    const rounds = await Promise.all(
      [db, other, db, other].map((from) => Promise.all(ids.map((one) => send(from, one)))),
    );
    rounds.push(await Promise.all(ids.map((one) => send(other, one))));
    for (const round of rounds) {
      expect(round.map((one) => one.message.seq)).toEqual(rounds[0]?.map((one) => one.message.seq));
    }
    expect(rounds[4]?.every((one) => one.duplicate)).toBe(true);
    expect((await shapeOf(db, id)).seqs).toEqual(upTo(41));
  });

  it('rule 2: the same client id of two senders is two messages', async () => {
    const [a, b, clientId] = [uuid(), uuid(), uuid()];
    const id = await makeGroup(db, [a, b]);
    const sent = await Promise.all(
      [a, b].map((senderId) => db.appender.append({ conversationId: id, senderId, clientId, body: 'x' })),
    );
    expect(sent.map((one) => one.duplicate)).toEqual([false, false]);
    expect(sent[0]?.message.seq).not.toBe(sent[1]?.message.seq);
  });

  it('rule 1: a rollback gives seq and rev back', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    const failing = withConversation(db, id, async (tx) => {
      await tx.appendSystem(me, { type: 'renamed', title: 'never' });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    const { message } = await db.appender.append({
      conversationId: id,
      senderId: me,
      clientId: uuid(),
      body: 'next',
    });
    expect([message.seq, message.rev]).toEqual([2, 2]);
  });

  it('rule 10: nobody who has been removed gets a message in, also while the removal is under way', async () => {
    const [owner, guest] = [uuid(), uuid()];
    const id = await makeGroup(db, [owner, guest]);
    const other = world.another();
    let leftRev = Number.POSITIVE_INFINITY;
    let stored = 0;
    const enough = gate();
    // Each sends until it is refused; the removal comes once messages are going in.
    const senders = upTo(10).map(async () => {
      const revs: number[] = [];
      for (;;) {
        const input = { conversationId: id, senderId: guest, clientId: uuid(), body: `${stored}` };
        const sent = await db.appender.append(input).catch((error: unknown) => error);
        if (sent instanceof Error) return { revs, error: sent };
        revs.push((sent as Appended).message.rev);
        if (++stored === 100) enough.open();
        if (revs.some((rev) => rev > leftRev)) return { revs, error: null };
      }
    });
    await enough.opened;
    await withConversation(other, id, async (tx) => {
      const { rev } = await tx.appendSystem(owner, { type: 'left', userId: guest });
      await tx.leave(guest);
      leftRev = rev;
    });
    for (const { revs, error } of await Promise.all(senders)) {
      expect(error).toMatchObject({ code: 'not_found' });
      expect(Math.max(...revs)).toBeLessThan(leftRev);
    }
    const late = db.appender.append({ conversationId: id, senderId: guest, clientId: uuid(), body: 'late' });
    await expect(late).rejects.toBeInstanceOf(LockstepError);
    const shape = await shapeOf(db, id);
    expect(shape.seqs).toEqual(upTo(shape.head_seq));
  });
});

describe('edit and recall', () => {
  it('rule 1: edits, recalls and sends at once keep rev dense; each message carries its newest rev', async () => {
    const people = upTo(5).map(uuid);
    const id = await makeGroup(db, people);
    const me = people[0] as string;
    const first = await Promise.all(
      upTo(30).map((n) =>
        db.appender.append({ conversationId: id, senderId: me, clientId: uuid(), body: `${n}` }),
      ),
    );
    const other = world.another();
    await Promise.all([
      ...first.map(({ message }) =>
        editMessage(other, { conversationId: id, seq: message.seq, actorId: me, body: 'new' }),
      ),
      ...upTo(30).map((n) =>
        db.appender.append({ conversationId: id, senderId: me, clientId: uuid(), body: `more ${n}` }),
      ),
    ]);
    await Promise.all(
      first.slice(0, 10).map(({ message }) =>
        recallMessage(db, {
          conversationId: id,
          seq: message.seq,
          actorId: me,
        }),
      ),
    );
    const shape = await shapeOf(db, id);
    expect(shape.seqs).toEqual(upTo(61));
    expect(shape.head_rev).toBe(61 + 30 + 10);
    expect(new Set(shape.revs).size).toBe(61);
    expect(shape.revs.at(-1)).toBe(shape.head_rev);
  });

  it('keeps every earlier text, and a recall leaves a tombstone without one', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    const { message } = await db.appender.append({
      conversationId: id,
      senderId: me,
      clientId: uuid(),
      body: 'one',
    });
    const target = { conversationId: id, seq: message.seq, actorId: me };
    await editMessage(db, { ...target, body: 'two' });
    const recalled = await recallMessage(db, target);
    expect(recalled.message).toMatchObject({ body: null, rev: 4, seq: 2 });
    expect((await recallMessage(db, target)).changed).toBe(false);
    const { rows } = await db.pool.query(
      'select body from message_version where conversation_id = $1 order by version',
      [id],
    );
    expect(rows.map((row) => row.body)).toEqual(['one', 'two']);
  });

  it('rule 10: strangers find no message, and whoever decides may refuse: nothing is changed', async () => {
    const [owner, member, stranger] = [uuid(), uuid(), uuid()];
    const id = await makeGroup(db, [owner, member]);
    const { seq } = await say(id, member, 'mine');
    const decided: unknown[] = [];
    const ask = (actorId: string) =>
      changeMessage(db, { conversationId: id, seq, actorId }, (message, role, { kind, headRev }) => {
        decided.push([message.senderId, message.body, role, kind, headRev]);
        throw new LockstepError('forbidden');
      });
    await expect(ask(stranger)).rejects.toMatchObject({ code: 'not_found' });
    expect(decided).toEqual([]);
    await expect(ask(owner)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask(member)).rejects.toMatchObject({ code: 'forbidden' });
    expect(decided).toEqual([
      [member, 'mine', 'owner', 'group', 2],
      [member, 'mine', 'member', 'group', 2],
    ]);
    expect(await shapeOf(db, id)).toMatchObject({ head_rev: 2, revs: [1, 2] });
  });
});
