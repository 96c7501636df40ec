import {
  createConversation,
  type Db,
  directId,
  fanOut,
  inboxAfter,
  inboxEntry,
  openEntry,
  setReadPosition,
  withConversation,
} from '@lockstep/db';
import { UNREAD_CAP } from '@lockstep/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  db,
  leave,
  makeGroup,
  makePair,
  ownWorld,
  recallMessage,
  say,
  settle,
  someoneWaits,
  upTo,
  uuid,
  world,
} from './world.ts';

ownWorld();

describe('read position', () => {
  let processes: Db[];
  beforeAll(() => {
    processes = [db, world.another(), world.another()];
  });

  it('rule 7: only grows and never passes the head, whatever several devices and processes say beside sends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            device: fc.nat(2),
            seq: fc.oneof(fc.nat(30), fc.constant(2_147_483_647)),
            sends: fc.nat(2),
            fansOut: fc.boolean(),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        async (steps) => {
          const [me, other] = [uuid(), uuid()];
          const id = await makeGroup(db, [other, me]);
          const reported: number[][] = [[], [], []];
          await Promise.all(
            [0, 1, 2].map(async (device) => {
              for (const step of steps.filter((one) => one.device === device)) {
                for (const n of upTo(step.sends)) await say(id, other, `${n}`);
                if (step.fansOut) await settle(id);
                const { entry } = await setReadPosition(processes[device] as Db, me, id, step.seq);
                expect(entry.readSeq).toBeLessThanOrEqual(entry.conversation.headSeq);
                reported[device]?.push(entry.readSeq);
              }
            }),
          );
          for (const series of reported) expect(series).toEqual([...series].sort((a, b) => a - b));
          const last = await inboxEntry(db, me, id);
          const head = last?.conversation.headSeq ?? 0;
          const seqs = reported.flat();
          expect(last?.readSeq).toBe(Math.max(...seqs));
          // Nothing that a device asked for and that existed is forgotten, and nothing is read that nobody asked for.
          const asked = Math.max(1, ...steps.map((step) => Math.min(step.seq, head)));
          expect(last?.readSeq).toBeLessThanOrEqual(asked);
          if (steps.every((step) => step.seq <= 1)) expect(last?.readSeq).toBe(1);
          const { entry } = await setReadPosition(db, me, id, head);
          expect(entry.readSeq).toBe(head);
          expect(entry.unread).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('rule 7: a device that waited while another one read further does not take that back', async () => {
    const [me, other] = [uuid(), uuid()];
    const id = await makeGroup(db, [other, me]);
    for (const n of upTo(5)) await say(id, other, `${n}`);
    await settle(id);
    const client = await db.pool.connect();
    await client.query('begin');
    await client.query('update inbox_cursor set pos = 2 where user_id = $1', [me]);
    await client.query('update inbox_entry set pos = 2, read_seq = 5 where user_id = $1', [me]);
    const slow = setReadPosition(world.another(), me, id, 3);
    await someoneWaits(db);
    await client.query('commit');
    client.release();
    expect(await slow).toMatchObject({ entry: { readSeq: 5, pos: 3 } });
  });

  it('moves the entry to the tail only when something changed, and leaves no gap in pos', async () => {
    const [me, other] = [uuid(), uuid()];
    const ids = [await makeGroup(db, [other, me]), await makeGroup(db, [other, me])] as [string, string];
    await fanOut(db, ids, { threshold: 500 });
    const first = (await inboxAfter(db, me, 0, 10)).entries[0]?.conversation.id as string;
    await say(first, other);
    expect(await setReadPosition(db, me, first, 1)).toMatchObject({ changed: false, entry: { pos: 1 } });
    expect(await setReadPosition(db, me, first, 2)).toMatchObject({
      changed: true,
      entry: { pos: 3, readSeq: 2 },
    });
    expect(await setReadPosition(db, me, first, 2)).toMatchObject({ changed: false, entry: { pos: 3 } });
    expect((await inboxAfter(db, me, 2, 10)).entries.map((entry) => entry.pos)).toEqual([3]);
  });

  it('rule 7: "marked as unread" is a field of its own, taken away by reading', async () => {
    const { me, id } = await makePair();
    await db.pool.query('update inbox_entry set marked_unread = true where user_id = $1', [me]);
    expect(await inboxEntry(db, me, id)).toMatchObject({ markedUnread: true, readSeq: 1, unread: 0 });
    expect(await setReadPosition(db, me, id, 0)).toMatchObject({
      changed: true,
      entry: { markedUnread: false, readSeq: 1 },
    });
  });

  it('works before the fan-out has come by, and the fan-out keeps it', async () => {
    const [me, other] = [uuid(), uuid()];
    const id = await makeGroup(db, [other, me]);
    await say(id, other);
    expect(await setReadPosition(db, me, id, 2)).toMatchObject({
      changed: true,
      entry: { readSeq: 2, pos: 1 },
    });
    await settle(id);
    expect(await inboxEntry(db, me, id)).toMatchObject({ readSeq: 2, pos: 2, unread: 0 });
  });

  it('rule 10: is not found for who is not, or no longer, a member', async () => {
    const { me, other, id } = await makePair();
    await leave(id, me, other);
    for (const [user, conversation] of [
      [me, id],
      [uuid(), id],
      [me, uuid()],
    ] as const)
      await expect(setReadPosition(db, user, conversation, 2)).rejects.toMatchObject({ code: 'not_found' });
    expect((await inboxEntry(db, me, id))?.readSeq).toBe(1);
  });
});

describe('inbox', () => {
  it('rule 7: unread is what others wrote after the read position, without system and recalled ones, to a cap', async () => {
    const { me, other, id } = await makePair();
    const theirs = [await say(id, other), await say(id, other), await say(id, other)];
    await say(id, me);
    await withConversation(db, id, (tx) => tx.appendSystem(other, { type: 'renamed', title: 'New' }));
    await recallMessage(db, {
      conversationId: id,
      seq: theirs[1]?.seq as number,
      actorId: other,
    });
    expect(await inboxEntry(db, me, id)).toMatchObject({
      readSeq: 1,
      unread: 2,
      last: { system: { type: 'renamed' } },
    });
    expect(await inboxEntry(db, other, id)).toMatchObject({ unread: 1 });
    await Promise.all(upTo(UNREAD_CAP + 20).map((n) => say(id, other, `${n}`)));
    expect((await inboxEntry(db, me, id))?.unread).toBe(UNREAD_CAP);
  });

  it('pages by pos, and serves a cursor ahead of it from the start (rule 8)', async () => {
    const me = uuid();
    const ids = await Promise.all(upTo(5).map(() => makeGroup(db, [me])));
    await fanOut(db, ids, { threshold: 500 });
    const first = await inboxAfter(db, me, 0, 2);
    expect(first).toMatchObject({ to: 2, more: true });
    const rest = await inboxAfter(db, me, first.to, 100);
    expect(rest).toMatchObject({ to: 5, more: false });
    const all = [...first.entries, ...rest.entries].map((entry) => entry.conversation.id);
    expect(all.sort()).toEqual([...ids].sort());
    expect(await inboxAfter(db, me, 5, 100)).toEqual({ entries: [], to: 5, more: false });
    expect((await inboxAfter(db, me, 6, 100)).to).toBe(5);
    expect(await inboxAfter(db, uuid(), 0, 100)).toEqual({ entries: [], to: 0, more: false });
  });

  it('rule 9: with the fan-out behind, a pull brings the head all the same, and leaves the cursor alone', async () => {
    const [me, other] = [uuid(), uuid()];
    const [id, quiet] = [await makeGroup(db, [me, other]), await makeGroup(db, [me])];
    await fanOut(db, [id, quiet], { threshold: 500 });
    const { to } = await inboxAfter(db, me, 0, 100);
    await say(id, other, 'no worker runs');
    const page = await inboxAfter(db, me, to, 100);
    expect(page).toMatchObject({
      to,
      more: false,
      entries: [{ unread: 1, last: { body: 'no worker runs' } }],
    });
    expect((await inboxAfter(db, me, 0, 1)).entries).toHaveLength(1);
    await fanOut(db, [id], { threshold: 500 });
    expect((await inboxAfter(db, me, to, 100)).entries).toHaveLength(1);
    expect((await inboxAfter(db, me, to + 1, 100)).entries).toHaveLength(0);
  });

  it('names the other person of a one-to-one conversation, and oneself for notes', async () => {
    const [a, b] = [uuid(), uuid()];
    const open = (pair: string[]) =>
      createConversation(
        db,
        {
          id: directId(pair[0] as string, pair[1] as string),
          kind: 'direct',
          visibility: 'private',
          title: null,
          topic: null,
          createdBy: a,
        },
        async (tx) => {
          await tx.appendSystem(a, { type: 'created', title: null });
          await tx.join([...new Set(pair)]);
          return tx.conversation.id;
        },
      );
    const opened = await Promise.all([open([a, b]), open([b, a]), open([a, b])]);
    expect(opened.filter((id) => id !== null)).toEqual([directId(b, a)]);
    await open([a, a]);
    await fanOut(db, [directId(a, b), directId(a, a)], { threshold: 500 });
    expect(await inboxEntry(db, a, directId(a, b))).toMatchObject({ peerId: b });
    // Nothing was said yet: for the other it is there once it is opened.
    expect(await inboxEntry(db, b, directId(a, b))).toBeNull();
    expect([await openEntry(db, b, directId(a, b)), await openEntry(db, b, directId(a, b))]).toEqual([
      true,
      false,
    ]);
    expect(await openEntry(db, b, directId(a, a))).toBe(false);
    expect(await inboxEntry(db, b, directId(a, b))).toMatchObject({ peerId: a });
    expect(await inboxEntry(db, a, directId(a, a))).toMatchObject({ peerId: a });
    expect(await inboxEntry(db, b, directId(a, a))).toBeNull();
  });
});
