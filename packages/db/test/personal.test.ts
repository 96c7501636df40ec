import { type Db, fanOut, inboxAfter, inboxEntry, setDraft, setPersonal } from '@lockstep/db';
import { FOREVER } from '@lockstep/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  db,
  leave,
  makeGroup,
  makePair,
  ownWorld,
  say,
  settle,
  someoneWaits,
  upTo,
  uuid,
  world,
} from './world.ts';

ownWorld();

describe('what is personal', () => {
  it('rule 6: each field is written by itself, moves the entry to the tail, and is taken back', async () => {
    const { me, other, id } = await makePair();
    await say(id, other);
    const before = Date.now();
    const steps = [
      [{ markedUnread: true }, { markedUnread: true }],
      [{ mutedUntil: before + 3_600_000 }, { mutedUntil: before + 3_600_000 }],
      [{ pinned: true }, { pinnedAt: expect.any(Number) }],
      [{ archived: true }, { archivedSeq: 2 }],
      [{ placeSeq: 1 }, { placeSeq: 1 }],
    ] as const;
    let now = {};
    for (const [n, [change, then]] of steps.entries()) {
      now = { ...now, ...then };
      const { entry, changed } = await setPersonal(db, me, id, change);
      expect({ changed, entry }).toMatchObject({ changed: true, entry: { pos: 2 + n, readSeq: 1, ...now } });
    }
    const entry = await inboxEntry(db, me, id);
    expect(Math.abs((entry?.pinnedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    const nothing = {
      markedUnread: false,
      mutedUntil: null,
      pinnedAt: null,
      archivedSeq: null,
      placeSeq: null,
    };
    const { pinnedAt: _, archivedSeq: __, ...fields } = nothing;
    expect(await setPersonal(db, me, id, { ...fields, pinned: false, archived: false })).toMatchObject({
      changed: true,
      entry: { pos: 7, ...nothing },
    });
    expect((await inboxEntry(db, other, id))?.pos).toBe(1);
  });

  it('what is so already does not move, and a pin keeps its time', async () => {
    const { me, other, id } = await makePair();
    const all = { markedUnread: true, mutedUntil: FOREVER, pinned: true, archived: true, placeSeq: 1 };
    const first = await setPersonal(db, me, id, all);
    expect(first.entry).toMatchObject({ mutedUntil: FOREVER, archivedSeq: 1 });
    expect(await setPersonal(db, me, id, all)).toEqual({ changed: false, entry: first.entry });
    expect((await setPersonal(db, me, id, {})).changed).toBe(false);
    await say(id, other);
    // Archived again after something new: that is a change, and the pin beside it is none.
    const second = await setPersonal(db, me, id, { archived: true, pinned: true });
    expect(second).toMatchObject({
      changed: true,
      entry: { pos: first.entry.pos + 1, archivedSeq: 2, pinnedAt: first.entry.pinnedAt, placeSeq: 1 },
    });
  });

  it('the end of time is the same in every zone', async () => {
    const { me, id } = await makePair();
    const far = world.another({ poolSize: 1 });
    await far.pool.query(`set time zone 'Asia/Shanghai'`);
    expect((await setPersonal(far, me, id, { mutedUntil: FOREVER })).entry.mutedUntil).toBe(FOREVER);
    expect((await inboxEntry(db, me, id))?.mutedUntil).toBe(FOREVER);
  });

  it('works before the fan-out has come by, and the fan-out keeps it', async () => {
    const [me, other] = [uuid(), uuid()];
    const id = await makeGroup(db, [other, me]);
    expect(await setPersonal(db, me, id, { pinned: true })).toMatchObject({ entry: { pos: 1, readSeq: 1 } });
    await settle(id);
    const entry = await inboxEntry(db, me, id);
    expect(entry).toMatchObject({ pos: 2, readSeq: 1, unread: 0 });
    expect(entry?.pinnedAt).not.toBeNull();
  });

  it('rule 10: is not found for who is not, or no longer, a member', async () => {
    const { me, other, id } = await makePair();
    await leave(id, me, other);
    for (const [user, conversation] of [
      [me, id],
      [uuid(), id],
      [me, uuid()],
    ] as const) {
      const refused = { code: 'not_found' };
      await expect(setPersonal(db, user, conversation, { pinned: true })).rejects.toMatchObject(refused);
      await expect(setDraft(db, user, conversation, { text: 'x', baseVersion: 0 })).rejects.toMatchObject(
        refused,
      );
    }
    await settle(id);
    expect(await inboxEntry(db, me, id)).toMatchObject({ role: null, pinnedAt: null, draft: null });
  });

  it('rule 4: pos stays in commit order and without gaps, whatever several processes write at once', async () => {
    const processes = [db, world.another(), world.another()];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            by: fc.nat(2),
            where: fc.nat(1),
            what: fc.oneof(
              fc.record({ pinned: fc.boolean() }),
              fc.record({ markedUnread: fc.boolean(), placeSeq: fc.nat(2) }),
              fc.record({ text: fc.constantFrom('', 'a', 'b'), baseVersion: fc.nat(2) }),
            ),
          }),
          { minLength: 1, maxLength: 20 },
        ),
        async (steps) => {
          const me = uuid();
          const ids = await Promise.all([makeGroup(db, [me]), makeGroup(db, [me])]);
          await fanOut(db, ids, { threshold: 500 });
          let moves = 0;
          await Promise.all(
            steps.map(async ({ by, where, what }) => {
              const [at, id] = [processes[by] as Db, ids[where] as string];
              const { changed } =
                'text' in what ? await setDraft(at, me, id, what) : await setPersonal(at, me, id, what);
              if (changed) moves++;
            }),
          );
          const { rows } = await db.pool.query('select pos from inbox_cursor where user_id = $1', [me]);
          expect(rows[0].pos).toBe(2 + moves);
          const { entries, to } = await inboxAfter(db, me, 0, 10);
          expect(to).toBe(2 + moves);
          expect(new Set(entries.map((entry) => entry.pos)).size).toBe(2);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('drafts', () => {
  it('are written on top of the version that the device knows', async () => {
    const { me, id } = await makePair();
    expect((await inboxEntry(db, me, id))?.draft).toBeNull();
    const first = await setDraft(db, me, id, { text: 'Hel', baseVersion: 0 });
    expect(first).toMatchObject({
      stored: true,
      changed: true,
      entry: { pos: 2, draft: { text: 'Hel', version: 1, updatedAt: expect.any(Number) } },
    });
    expect(await setDraft(db, me, id, { text: 'Hello', baseVersion: 1 })).toMatchObject({
      stored: true,
      entry: { pos: 3, draft: { text: 'Hello', version: 2 } },
    });
    // Sent: an empty text is a version too, so that an older one cannot come back.
    expect(await setDraft(db, me, id, { text: '', baseVersion: 2 })).toMatchObject({
      stored: true,
      entry: { pos: 4, draft: { text: '', version: 3 } },
    });
    expect(await setDraft(db, me, id, { text: 'Hello', baseVersion: 2 })).toMatchObject({
      stored: false,
      changed: false,
      entry: { pos: 4, draft: { text: '', version: 3 } },
    });
  });

  it('the same text again is stored already, on whatever version: a lost answer does no harm', async () => {
    const { me, id } = await makePair();
    const { entry } = await setDraft(db, me, id, { text: 'Hi', baseVersion: 0 });
    for (const baseVersion of [0, 1, 7])
      expect(await setDraft(db, me, id, { text: 'Hi', baseVersion })).toEqual({
        stored: true,
        changed: false,
        entry,
      });
    const nothing = await makePair();
    expect(await setDraft(db, nothing.me, nothing.id, { text: '', baseVersion: 0 })).toMatchObject({
      stored: true,
      changed: false,
      entry: { pos: 1, draft: null },
    });
  });

  it('of devices that write at once one is stored, and the others are told what it wrote', async () => {
    const { me, id } = await makePair();
    const processes = [db, world.another(), world.another()];
    for (const round of upTo(10)) {
      const { draft } = (await inboxEntry(db, me, id)) ?? {};
      const baseVersion = draft?.version ?? 0;
      const answers = await Promise.all(
        processes.map((at, n) => setDraft(at, me, id, { text: `${round} from ${n}`, baseVersion })),
      );
      expect(answers.filter((answer) => answer.stored)).toHaveLength(1);
      const winner = answers.findIndex((answer) => answer.stored);
      for (const { entry } of answers)
        expect(entry.draft).toMatchObject({ text: `${round} from ${winner}`, version: baseVersion + 1 });
    }
  });

  it('one that waited while another was stored keeps what that one wrote', async () => {
    const { me, id } = await makePair();
    const client = await db.pool.connect();
    await client.query('begin');
    await client.query('update inbox_cursor set pos = 2 where user_id = $1', [me]);
    await client.query(
      `update inbox_entry set pos = 2, draft_text = 'first', draft_version = 1, draft_at = now() where user_id = $1`,
      [me],
    );
    const slow = setDraft(world.another(), me, id, { text: 'second', baseVersion: 0 });
    await someoneWaits(db);
    await client.query('commit');
    client.release();
    expect(await slow).toMatchObject({
      stored: false,
      entry: { pos: 3, draft: { text: 'first', version: 1 } },
    });
  });
});
