import {
  appendHistory,
  COUNT_CHANGED_SQL,
  changesAfter,
  changesOfMany,
  countChanged,
  earlierVersions,
  type HistoryRow,
  messagesAfter,
  messagesAround,
  messagesBefore,
  RESET_AFTER,
} from '@lockstep/db';
import { LIMITS, type Message, type MessagePage } from '@lockstep/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  db,
  editMessage,
  leave,
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

const history = (senderId: string, count: number): HistoryRow[] =>
  upTo(count).map((n) => ({
    senderId,
    clientId: uuid(),
    body: n % 10 === 0 ? null : `line ${n}`,
    system: n % 10 === 0 ? { type: 'left', userId: senderId } : null,
    createdAt: new Date(1_100_000_000_000 + n * 1_000),
  }));

interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  Plans?: PlanNode[];
}

/** What a plan reads of the tables: each index, and how many of its entries. */
const indexScansOf = (node: PlanNode): [string, number][] => [
  ...(/ Scan$/.test(node['Node Type']) && node['Node Type'] !== 'Subquery Scan'
    ? [[node['Index Name'] ?? node['Node Type'], node['Actual Rows']] as [string, number]]
    : []),
  ...(node.Plans ?? []).flatMap(indexScansOf),
];

describe('reading by seq', () => {
  it('gives exactly the run asked for, at most a page, and says what lies on either side', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    await appendHistory(db, id, history(me, 249));
    const head = 250;
    const seqsOf = (page: MessagePage) => page.messages.map((message) => message.seq);
    const expectSides = (page: MessagePage) => {
      const seqs = seqsOf(page);
      if (seqs.length === 0) return;
      expect(page.hasBefore).toBe((seqs[0] as number) > 1);
      expect(page.hasAfter).toBe((seqs.at(-1) as number) < head);
    };
    const seq = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(2_147_483_647));
    await fc.assert(
      fc.asyncProperty(seq, fc.integer({ min: 1, max: 500 }), async (seq, limit) => {
        const size = Math.min(limit, LIMITS.page);
        const all = upTo(head);
        const before = await messagesBefore(db, me, { conversationId: id, seq, limit });
        expect(seqsOf(before)).toEqual(all.filter((n) => n < seq).slice(-size));
        const after = await messagesAfter(db, me, { conversationId: id, seq, limit });
        expect(seqsOf(after)).toEqual(all.filter((n) => n > seq).slice(0, size));
        const around = await messagesAround(db, me, { conversationId: id, seq, limit });
        expect(around.messages).toHaveLength(size);
        expect(seqsOf(around)).toContain(Math.min(Math.max(seq, 1), head));
        expect(seqsOf(around)).toEqual(upTo(size).map((n) => n - 1 + (seqsOf(around)[0] as number)));
        for (const page of [before, after, around]) expectSides(page);
      }),
      { numRuns: 60 },
    );
    expect(seqsOf(await messagesBefore(db, me, { conversationId: id, limit: 3 }))).toEqual([248, 249, 250]);
  });

  it('rule 10: finds nothing for strangers and for who has left', async () => {
    const [owner, guest] = [uuid(), uuid()];
    const id = await makeGroup(db, [owner, guest]);
    expect((await messagesBefore(db, guest, { conversationId: id, limit: 10 })).messages).toHaveLength(1);
    await leave(id, guest, owner);
    for (const [viewer, conversation] of [
      [guest, id],
      [uuid(), id],
      [owner, uuid()],
    ] as const) {
      for (const read of [
        () => messagesBefore(db, viewer, { conversationId: conversation, limit: 10 }),
        () => messagesAfter(db, viewer, { conversationId: conversation, seq: 0, limit: 10 }),
        () => messagesAround(db, viewer, { conversationId: conversation, seq: 1, limit: 10 }),
        () => changesAfter(db, viewer, { conversationId: conversation, afterRev: 0, limit: 10 }),
        () => earlierVersions(db, viewer, { conversationId: conversation, seq: 1 }),
      ])
        await expect(read()).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('reading by rev', () => {
  it('rule 6: a reader that pulls from its cursor beside sends, edits and recalls ends with the true state', async () => {
    const people = upTo(4).map(uuid);
    const [me] = people as [string];
    const id = await makeGroup(db, people);
    let writing = true;
    const writers = people.map(async (senderId, w) => {
      const mine: Message[] = [];
      for (const n of upTo(25)) {
        const input = { conversationId: id, senderId, clientId: uuid(), body: `${w} ${n}` };
        mine.push((await db.appender.append(input)).message);
        const target = { conversationId: id, actorId: senderId, seq: mine[n >> 1]?.seq as number };
        if (n % 4 === 1) await recallMessage(db, target);
        if (n % 4 === 3)
          await editMessage(db, { ...target, body: `edited ${n}` }).catch((error) =>
            expect(error).toMatchObject({ code: 'conflict' }),
          );
      }
    });
    const reader = async (limit: number) => {
      const held = new Map<number, Message>();
      let cursor = 0;
      for (let last = false; ; ) {
        const page = await changesAfter(world.db, me, { conversationId: id, afterRev: cursor, limit });
        expect(page.reset).toBe(false);
        for (const message of page.messages) {
          expect(message.rev).toBeGreaterThan(cursor);
          cursor = message.rev;
          held.set(message.seq, message);
        }
        expect(page.to).toBeGreaterThanOrEqual(cursor);
        cursor = page.to;
        if (last && cursor === page.headRev) return { held, cursor };
        last = !writing;
      }
    };
    const readers = [reader(1), reader(7), reader(100)];
    await Promise.all(writers);
    writing = false;
    const shape = await shapeOf(db, id);
    expect(shape.seqs).toEqual(upTo(101));
    expect(shape.head_rev).toBeGreaterThan(101);
    const truth = [
      ...(await messagesAfter(db, me, { conversationId: id, seq: 0, limit: 100 })).messages,
      ...(await messagesAfter(db, me, { conversationId: id, seq: 100, limit: 100 })).messages,
    ];
    for (const { held, cursor } of await Promise.all(readers)) {
      expect(cursor).toBe(shape.head_rev);
      expect([...held.values()].sort((a, b) => a.seq - b.seq)).toEqual(truth);
    }
  });

  it('rule 8: a cursor too far behind or ahead of the head gets reset', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    await appendHistory(db, id, history(me, RESET_AFTER + 1));
    const head = RESET_AFTER + 2;
    const reset = { messages: [], to: head, headRev: head, headSeq: head, reset: true };
    expect(await changesAfter(db, me, { conversationId: id, afterRev: 1, limit: 100 })).toMatchObject(reset);
    expect(await changesAfter(db, me, { conversationId: id, afterRev: head + 1, limit: 100 })).toMatchObject(
      reset,
    );
    expect(await changesAfter(db, me, { conversationId: id, afterRev: head, limit: 100 })).toMatchObject({
      ...reset,
      reset: false,
    });
    const served = await changesAfter(db, me, { conversationId: id, afterRev: 2, limit: 1_000 });
    expect(served).toMatchObject({ reset: false, to: 2 + LIMITS.page });
    expect(served.messages).toHaveLength(LIMITS.page);
  });

  it('rule 8: a thousand changes of one message are one message, and other changes are none', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    const { seq } = await say(id, me);
    const moved = RESET_AFTER + 5;
    // As so many edits leave it: the message has the `rev` of the last, and the ones before stand nowhere.
    await db.pool.query('update message set rev = rev + $2 where conversation_id = $1 and seq = $3', [
      id,
      moved,
      seq,
    ]);
    // And as many changes beside the messages.
    const { rows } = await db.pool.query<{ head: number }>(
      'update conversation set head_rev = head_rev + 2 * $2::int where id = $1 returning head_rev as head',
      [id, moved],
    );
    const head = rows[0]?.head ?? 0;
    expect(head).toBe(2 + 2 * moved);
    const page = await changesAfter(db, me, { conversationId: id, afterRev: 1, limit: 100 });
    expect(page).toMatchObject({ reset: false, to: head, headRev: head });
    expect(page.messages.map((message) => message.seq)).toEqual([seq]);
    expect(await changesAfter(db, me, { conversationId: id, afterRev: 2 + moved, limit: 100 })).toMatchObject(
      {
        messages: [],
        to: head,
        reset: false,
      },
    );
  });

  it('rule 8: whether a reader is too far behind is counted at a bounded cost', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    await appendHistory(db, id, history(me, 5 * RESET_AFTER));
    await db.pool.query('analyze message');
    const most = RESET_AFTER + 1;
    expect(await countChanged(db, id, { afterRev: 0, toRev: 5 * RESET_AFTER + 1, most })).toBe(most);
    const read = async (toRev: number) => {
      const sql = COUNT_CHANGED_SQL.replace('$1', `'${id}'`)
        .replace('$2', '0')
        .replace('$3', `${toRev}`)
        .replace('$4', `${most}`);
      const { rows } = await db.pool.query(`explain (analyze, timing off, format json) ${sql}`);
      return indexScansOf(rows[0]['QUERY PLAN'][0].Plan);
    };
    // Limit over Index Only Scan using message_conversation_id_rev_key: it stops after `most` entries.
    for (const toRev of [2 * RESET_AFTER, 5 * RESET_AFTER])
      expect(await read(toRev)).toEqual([['message_conversation_id_rev_key', most]]);
  });

  it('rule 6: returns the changes of several timelines at once, each complete, up to a limit together', async () => {
    const me = uuid();
    const [a, b, c] = [await makeGroup(db, [me]), await makeGroup(db, [me]), await makeGroup(db, [me])];
    await appendHistory(db, b, history(me, LIMITS.inboxChanges - 1));
    await say(c, me, 'one more');
    const cursor = (conversationId: string, afterRev: number) => ({ conversationId, afterRev });
    const alone = async (id: string, rev: number) => {
      const page = await changesAfter(db, me, { conversationId: id, afterRev: rev, limit: LIMITS.page });
      while (page.to < page.headRev) {
        const next = await changesAfter(db, me, {
          conversationId: id,
          afterRev: page.to,
          limit: LIMITS.page,
        });
        page.messages.push(...next.messages);
        page.to = next.to;
      }
      return page;
    };
    // What has not moved takes no room, and is told of as well: it need not be asked for.
    expect(await changesOfMany(db, me, [cursor(a, 1), cursor(b, 1), cursor(c, 1)])).toEqual([
      await alone(a, 1),
      await alone(b, 1),
      await alone(c, 1),
    ]);
    // In the order asked for: the first that is too much, and what stands after it, are left out.
    expect(await changesOfMany(db, me, [cursor(c, 0), cursor(b, 1)])).toEqual([await alone(c, 0)]);
    expect(await changesOfMany(db, me, [cursor(b, 0), cursor(c, 0)])).toEqual([await alone(b, 0)]);
    // Ahead of the head or further behind than the limit: that alone is left out. What has changed again is told of once.
    await editMessage(db, { conversationId: c, actorId: me, seq: 2, body: 'changed' });
    await say(b, me, 'and one');
    const rest = await changesOfMany(db, me, [cursor(a, 2), cursor(b, 0), cursor(c, 1)]);
    expect(rest).toEqual([await alone(c, 1)]);
    expect(rest[0]).toMatchObject({ to: 3, messages: [{ seq: 2, rev: 3, body: 'changed' }] });
    // So is the first whose texts do not fit any more.
    const texts = 'changed'.length;
    const both = [cursor(c, 1), cursor(a, 1)];
    await say(a, me, 'and one more');
    expect(await changesOfMany(db, me, both, texts)).toEqual([await alone(c, 1)]);
    expect(await changesOfMany(db, me, both, texts + 'and one more'.length)).toHaveLength(2);
    expect(await changesOfMany(db, me, both, texts - 1)).toEqual([]);
    // Rule 10: no word of what is not one's own.
    expect(await changesOfMany(db, uuid(), [cursor(a, 0), cursor(c, 0)])).toEqual([]);
    expect(await changesOfMany(db, me, [cursor(uuid(), 0), cursor(a, 0)])).toEqual([await alone(a, 0)]);
  });

  it('shows earlier texts oldest first, and none once recalled', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    await db.appender.append({ conversationId: id, senderId: me, clientId: uuid(), body: 'one' });
    const target = { conversationId: id, seq: 2, actorId: me };
    await editMessage(db, { ...target, body: 'two' });
    const edited = await editMessage(db, { ...target, body: 'three' });
    const earlier = await earlierVersions(db, me, { conversationId: id, seq: 2 });
    expect(earlier?.senderId).toBe(me);
    expect(earlier?.versions).toMatchObject([
      { version: 1, body: 'one', createdAt: edited.message.createdAt },
      { version: 2, body: 'two' },
    ]);
    await recallMessage(db, target);
    expect(await earlierVersions(db, me, { conversationId: id, seq: 2 })).toEqual({
      senderId: me,
      versions: [],
    });
  });
});

describe('history', () => {
  it('rule 2: keeps order and times, and adds nothing the second time, also from several importers', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    const rows = history(me, 4_500);
    const doubled = [...rows.slice(0, 10), ...rows];
    const added = await Promise.all([
      appendHistory(db, id, doubled),
      appendHistory(world.another(), id, rows),
      db.appender
        .append({ conversationId: id, senderId: me, clientId: uuid(), body: 'live' })
        .then(({ duplicate }) => Number(duplicate)),
    ]);
    expect(added.reduce((sum, n) => sum + n, 0)).toBe(4_500);
    expect(await appendHistory(db, id, rows)).toBe(0);
    const shape = await shapeOf(db, id);
    expect(shape.seqs).toEqual(upTo(4_502));
    expect(shape.revs).toEqual(upTo(4_502));
    const { rows: stored } = await db.pool.query<{ client_id: string; body: string; created_at: Date }>(
      `select client_id, body, created_at from message
       where conversation_id = $1 and created_at < '2020-01-01' order by seq`,
      [id],
    );
    expect(stored.map((row) => row.client_id)).toEqual(rows.map((row) => row.clientId));
    expect(stored.map((row) => row.created_at)).toEqual(rows.map((row) => row.createdAt));
    expect(stored.map((row) => row.body)).toEqual(rows.map((row) => row.body));
  });
});

describe('pages of long texts', () => {
  it('end where their bytes end, have one message at least, and go on without a hole', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    for (let n = 0; n < 12; n++) await say(id, me, `${n}`.padEnd(1_000, '😀'));
    const bytes = 10_000;
    const { head_seq: head } = await shapeOf(db, id);
    const seqs = ({ messages }: { messages: { seq: number }[] }) => messages.map(({ seq }) => seq);
    const back: number[] = [];
    for (let seq: number | undefined, more = true; more; seq = back[0]) {
      const page = await messagesBefore(db, me, { conversationId: id, seq, limit: 100 }, bytes);
      expect(page.messages.length).toBeLessThanOrEqual(7);
      back.unshift(...seqs(page));
      more = page.hasBefore;
    }
    expect(back).toEqual(upTo(head));
    const on: number[] = [];
    for (let more = true; more; ) {
      const page = await messagesAfter(
        db,
        me,
        { conversationId: id, seq: on.at(-1) ?? 0, limit: 100 },
        bytes,
      );
      on.push(...seqs(page));
      more = page.hasAfter;
    }
    expect(on).toEqual(upTo(head));
    const around = await messagesAround(db, me, { conversationId: id, seq: 8, limit: 100 }, bytes);
    const [start = 0] = seqs(around);
    expect(seqs(around)).toEqual(upTo(around.messages.length).map((n) => start + n - 1));
    expect(seqs(around)).toContain(8);
    expect([around.hasBefore, around.hasAfter]).toEqual([true, true]);
    expect(seqs(await messagesAround(db, me, { conversationId: id, seq: 8, limit: 100 }, 1))).toEqual([8]);
    const changed: number[] = [];
    for (let rev = 0, headRev = 1; rev < headRev; ) {
      const page = await changesAfter(db, me, { conversationId: id, afterRev: rev, limit: 100 }, bytes);
      changed.push(...seqs(page));
      ({ to: rev, headRev } = page);
    }
    expect(changed).toEqual(upTo(head));
  });
});
