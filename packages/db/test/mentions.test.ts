import { appendHistory, inboxAfter, inboxEntry, setReadPosition } from '@lockstep/db';
import { LIMITS, mention, mentionsIn, UNREAD_CAP } from '@lockstep/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  db,
  editMessage,
  join,
  leave,
  makeGroup,
  makePair,
  ownWorld,
  recallMessage,
  say,
  settle,
  upTo,
  uuid,
} from './world.ts';

ownWorld();

const rowsOf = async (id: string) => {
  const { rows } = await db.pool.query<{ user_id: string; seq: number }>(
    'select user_id, seq from mention where conversation_id = $1 order by seq, user_id',
    [id],
  );
  return rows.map((row) => [row.seq, row.user_id]);
};
const badge = async (me: string, id: string) => {
  const { unread, mentions } = (await inboxEntry(db, me, id)) ?? {};
  return { unread, mentions };
};

describe('mentions', () => {
  it('rule 7: unread mentions are derived: of others, after the read position, while they stand', async () => {
    const { me, other, id } = await makePair();
    await say(id, other, `${mention(me)} and ${mention(me)} again`);
    await say(id, other, 'nobody');
    await say(id, me, `myself, ${mention(me)}`);
    expect(await badge(me, id)).toEqual({ unread: 2, mentions: 1 });
    expect(await badge(other, id)).toEqual({ unread: 1, mentions: 0 });
    const edited = await say(id, other, 'nobody yet');
    await editMessage(db, {
      conversationId: id,
      seq: edited.seq,
      actorId: other,
      body: `now ${mention(me)}`,
    });
    expect(await badge(me, id)).toEqual({ unread: 3, mentions: 2 });
    await editMessage(db, { conversationId: id, seq: edited.seq, actorId: other, body: 'nobody again' });
    expect(await badge(me, id)).toEqual({ unread: 3, mentions: 1 });
    await recallMessage(db, { conversationId: id, seq: 2, actorId: other });
    expect(await badge(me, id)).toEqual({ unread: 2, mentions: 0 });
    await say(id, other, mention(me));
    await setReadPosition(db, me, id, 1_000);
    expect(await badge(me, id)).toEqual({ unread: 0, mentions: 0 });
    expect((await rowsOf(id)).filter(([seq]) => seq === 2)).toEqual([]);
  });

  it('are counted to the cap, and told of large conversations too', async () => {
    const { me, other, id } = await makePair();
    await Promise.all(upTo(UNREAD_CAP + 20).map(() => say(id, other, mention(me))));
    expect(await badge(me, id)).toEqual({ unread: UNREAD_CAP, mentions: UNREAD_CAP });
    await settle(id, 1);
    const { to } = await inboxAfter(db, me, 0, 10);
    expect((await inboxAfter(db, me, to, 10)).entries).toMatchObject([
      { conversation: { id, diffusion: 'read' }, mentions: UNREAD_CAP },
    ]);
  });

  it('rule 10: only active members can be mentioned', async () => {
    const { me, other, id } = await makePair();
    const gone = uuid();
    await join(id, gone, [gone]);
    await leave(id, gone);
    const { seq } = await say(id, other, `${mention(uuid())} ${mention(gone)} ${mention(me)}`);
    expect(await rowsOf(id)).toEqual([[seq, me]]);
    await editMessage(db, {
      conversationId: id,
      seq,
      actorId: other,
      body: `${mention(gone)} ${mention(other)}`,
    });
    expect(await rowsOf(id)).toEqual([[seq, other]]);
  });

  it('rule 2: a retry adds nothing, alone or in the batch of the first', async () => {
    const { me, other, id } = await makePair();
    const clientId = uuid();
    const sends = upTo(3).map(() => say(id, other, mention(me), clientId));
    await Promise.all([...sends, say(id, other, 'between')]);
    await say(id, other, mention(me), clientId);
    expect(await rowsOf(id)).toHaveLength(1);
  });

  it('a batch of many conversations gives each mention to its own message', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ room: fc.nat(2), of: fc.subarray([0, 1, 2, 3]) }), {
          minLength: 1,
          maxLength: 40,
        }),
        async (texts) => {
          const people = upTo(4).map(() => uuid());
          const stranger = uuid();
          const rooms = await Promise.all(upTo(3).map(() => makeGroup(db, people)));
          const sent = await Promise.all(
            texts.map(({ room, of }) =>
              say(
                rooms[room] as string,
                people[0] as string,
                `to ${of.map((n) => mention(people[n] as string)).join()} ${mention(stranger)}`,
              ),
            ),
          );
          for (const id of rooms) {
            const wanted = sent
              .filter((message) => message.conversationId === id)
              .sort((a, b) => a.seq - b.seq)
              .flatMap(({ seq, body }) =>
                mentionsIn(body)
                  .filter((userId) => userId !== stranger)
                  .sort()
                  .map((userId) => [seq, userId]),
              );
            expect(await rowsOf(id)).toEqual(wanted);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('no more than 50 of one message count', async () => {
    const people = upTo(60).map(() => uuid());
    const id = await makeGroup(db, people);
    await say(id, people[0] as string, people.map(mention).join(' '));
    expect(await rowsOf(id)).toHaveLength(LIMITS.mentions);
  });

  it('come in with history, for members and those who join with it', async () => {
    const { me, other, id } = await makePair();
    const late = uuid();
    const row = { senderId: other, system: null, createdAt: new Date(1) };
    const history = [
      { ...row, clientId: uuid(), body: `${mention(late)} ${mention(uuid())}` },
      { ...row, clientId: uuid(), body: null, system: { type: 'topic' as const, topic: 'x' } },
      { ...row, clientId: uuid(), body: mention(me) },
      ...upTo(2_000).map(() => ({ ...row, clientId: uuid(), body: 'nobody' })),
    ];
    for (const added of [history.length, 0]) expect(await appendHistory(db, id, history, [late])).toBe(added);
    expect(await rowsOf(id)).toEqual([
      [2, late],
      [4, me],
    ]);
    await settle(id);
    expect(await badge(late, id)).toEqual({ unread: 0, mentions: 0 });
  });
});
