import { fanOut, inboxAfter, inboxEntry, laggingConversations, setReadPosition } from '@lockstep/db';
import { describe, expect, it } from 'vitest';
import { db, gate, join, leave, makeGroup, ownWorld, say, someoneWaits, upTo, uuid, world } from './world.ts';

ownWorld();

const NEVER_READ = { threshold: 500 };

interface Stored {
  conversation_id: string;
  pos: number;
  head_rev: number;
  read_seq: number;
  removed: boolean;
}
const stored = async (userId: string): Promise<Stored[]> =>
  (
    await db.pool.query<Stored>(
      'select conversation_id, pos, head_rev, read_seq, removed from inbox_entry where user_id = $1 order by pos',
      [userId],
    )
  ).rows;

describe('fan-out', () => {
  it('is driven by the checkpoint: a burst is one entry each, a second run does nothing', async () => {
    const people = upTo(4).map(uuid);
    const id = await makeGroup(db, people);
    expect(await laggingConversations(db, 'fanout', 10)).toContain(id);
    expect(await fanOut(db, [id], NEVER_READ)).toEqual({ conversations: 1, entries: 4 });
    for (const n of upTo(20)) await say(id, people[0] as string, `${n}`);
    expect(await fanOut(db, [id, id, uuid()], NEVER_READ)).toEqual({ conversations: 1, entries: 4 });
    expect(await fanOut(db, [id], NEVER_READ)).toEqual({ conversations: 0, entries: 0 });
    expect(await laggingConversations(db, 'fanout', 10)).not.toContain(id);
    expect(await stored(people[1] as string)).toEqual([
      { conversation_id: id, pos: 2, head_rev: 21, read_seq: 1, removed: false },
    ]);
  });

  it('rule 7: a sender has read up to the own newest message, the others have not', async () => {
    const [a, b] = [uuid(), uuid()];
    const id = await makeGroup(db, [a, b]);
    await say(id, a);
    await say(id, a);
    await say(id, b);
    await fanOut(db, [id], NEVER_READ);
    expect(await inboxEntry(db, a, id)).toMatchObject({ readSeq: 3, unread: 1 });
    expect(await inboxEntry(db, b, id)).toMatchObject({ readSeq: 4, unread: 0 });
  });

  it('rule 4: a fan-out that took a pos first commits first; the next one waits for it', async () => {
    const [me, other] = [uuid(), uuid()];
    const [first, second] = [await makeGroup(db, [me, other]), await makeGroup(db, [me, other])];
    const idsOf = async (userId: string) => (await stored(userId)).map((entry) => entry.conversation_id);
    const { open, opened } = gate();
    const written = gate();
    let before: string[] | null = null;
    const a = fanOut(db, [first], {
      ...NEVER_READ,
      onStep: async (step) => {
        if (step !== 'written') return;
        written.open();
        await opened;
      },
    });
    await written.opened;
    const b = fanOut(world.another(), [second], {
      ...NEVER_READ,
      // What it sees once it has a pos is what has been committed by then.
      onStep: async (step) => {
        if (step === 'written') before = await idsOf(me);
      },
    });
    await someoneWaits(db);
    expect(await inboxAfter(db, me, 0, 10)).toMatchObject({ entries: [], to: 0 });
    open();
    await Promise.all([a, b]);
    expect(before).toEqual([first]);
    expect(await idsOf(me)).toEqual([first, second]);
  });

  it('two workers on one conversation take turns, and the second finds nothing left to do', async () => {
    const people = upTo(3).map(uuid);
    const id = await makeGroup(db, people);
    const { open, opened } = gate();
    const written = gate();
    const first = fanOut(db, [id], {
      ...NEVER_READ,
      onStep: async (step) => {
        if (step !== 'written') return;
        written.open();
        await opened;
      },
    });
    await written.opened;
    const second = fanOut(world.another(), [id], NEVER_READ);
    await someoneWaits(db);
    open();
    expect(await first).toEqual({ conversations: 1, entries: 3 });
    expect(await second).toEqual({ conversations: 0, entries: 0 });
  });

  it('rule 4: readers that follow pos beside several workers and reading devices never skip an entry', async () => {
    const people = upTo(12).map(uuid);
    const groups = await Promise.all(
      upTo(10).map((g) =>
        makeGroup(
          db,
          [0, 1, 2, 3, 4].map((k) => people[(g + k) % 12] as string),
        ),
      ),
    );
    const workers = [world.another(), world.another(), world.another()];
    let sending = true;
    const readers = people.map(async (person) => {
      const seen = new Map<string, number>();
      let pos = 0;
      for (let last = false; ; ) {
        const from = pos;
        const page = await inboxAfter(db, person, from, 3);
        // What the fan-out has not come to yet is told too, where it was.
        for (const entry of page.entries.filter(({ pos: at }) => at > from)) {
          expect(entry.pos).toBeGreaterThan(pos);
          pos = entry.pos;
          seen.set(entry.conversation.id, pos);
        }
        if (last && !page.more) return seen;
        last = !sending;
      }
    });
    const senders = groups.map(async (id, g) => {
      for (const n of upTo(15)) {
        const { seq } = await say(id, people[(g + 1 + (n % 5)) % 12] as string, `${n}`);
        await setReadPosition(world.db, people[(g + 1 + ((n + 1) % 5)) % 12] as string, id, seq);
      }
    });
    const fanning = workers.map(async (worker, w) => {
      for (let round = 0; sending; round++) {
        // Overlapping thirds, so that the workers meet on conversations and on people.
        await fanOut(
          worker,
          groups.filter((_, g) => (g + round + w) % 3 !== 0),
          NEVER_READ,
        );
      }
    });
    await Promise.all(senders);
    sending = false;
    await Promise.all(fanning);
    await fanOut(db, groups, NEVER_READ);
    for (const [i, seen] of (await Promise.all(readers)).entries()) {
      // The readers stopped before the last fan-out: bring them up to date from their own cursor.
      const person = people[i] as string;
      const rest = await inboxAfter(db, person, Math.max(0, ...seen.values()), 100);
      for (const entry of rest.entries) seen.set(entry.conversation.id, entry.pos);
      const entries = await stored(person);
      expect(Object.fromEntries(seen)).toEqual(
        Object.fromEntries(entries.map((entry) => [entry.conversation_id, entry.pos])),
      );
      expect(new Set(entries.map((entry) => entry.head_rev))).toEqual(new Set([16]));
    }
  });

  it('rule 6: who joins, leaves and comes back between two runs learns of it', async () => {
    const [owner, stays, leaver, comer, back, brief] = upTo(6).map(uuid) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const id = await makeGroup(db, [owner, stays, leaver, back]);
    await fanOut(db, [id], NEVER_READ);
    await leave(id, back);
    await fanOut(db, [id], NEVER_READ);
    expect((await inboxEntry(db, back, id))?.role).toBeNull();

    await leave(id, leaver);
    await join(id, owner, [comer]);
    await join(id, owner, [back]);
    await join(id, owner, [brief]);
    await leave(id, brief);
    expect(await fanOut(db, [id], NEVER_READ)).toEqual({ conversations: 1, entries: 6 });
    const removed = await Promise.all([stays, leaver, comer, back, brief].map(stored));
    expect(removed.map((entries) => entries[0]?.removed)).toEqual([false, true, false, false, true]);
    expect(await inboxEntry(db, leaver, id)).toMatchObject({
      role: null,
      last: null,
      unread: 0,
      conversation: { title: null, headSeq: 0 },
    });
    expect(await inboxEntry(db, comer, id)).toMatchObject({ role: 'member', readSeq: 4, unread: 0 });
  });
});

describe('diffusion', () => {
  it('crosses the threshold and back without losing anything', async () => {
    const people = upTo(5).map(uuid);
    const [owner, second, third] = people as [string, string, string];
    const id = await makeGroup(db, people.slice(0, 4));
    const four = { threshold: 4 };
    await fanOut(db, [id], four);
    expect((await inboxEntry(db, owner, id))?.conversation.diffusion).toBe('write');

    // The fifth person: everyone is told once more, then no longer.
    await join(id, owner, people.slice(4));
    expect(await fanOut(db, [id], four)).toEqual({ conversations: 1, entries: 5 });
    expect((await inboxEntry(db, second, id))?.conversation).toMatchObject({ diffusion: 'read', headRev: 2 });
    await say(id, owner);
    // Nobody but who wrote: sending implies having read.
    expect(await fanOut(db, [id], four)).toEqual({ conversations: 1, entries: 1 });
    expect(await inboxEntry(db, owner, id)).toMatchObject({ readSeq: 3, unread: 0 });
    expect(await laggingConversations(db, 'fanout', 100)).not.toContain(id);
    const { to } = await inboxAfter(db, second, 0, 10);
    const reported = async (person: string) => (await inboxAfter(db, person, to, 10)).entries;
    // Whole, beside what has moved: nothing else would tell of a title or of members that changed meanwhile.
    expect(await inboxAfter(db, second, to, 10)).toMatchObject({
      entries: [{ pos: to, unread: 1, conversation: { id, headSeq: 3, headRev: 3, memberCount: 5 } }],
      to,
    });
    expect(await reported(uuid())).toEqual([]);

    // One leaves: 4 members is not yet below 0.8 of 4. Only the one who left is told.
    await leave(id, third);
    expect(await fanOut(db, [id], four)).toEqual({ conversations: 1, entries: 1 });
    expect(await reported(third)).toMatchObject([{ pos: to + 1, role: null }]);

    // Down to 3: write diffusion again, and everyone hears of what was not written meanwhile.
    await leave(id, people[4] as string);
    expect(await fanOut(db, [id], four)).toEqual({ conversations: 1, entries: 4 });
    expect(await inboxEntry(db, second, id)).toMatchObject({
      unread: 1,
      conversation: { diffusion: 'write', headSeq: 5, headRev: 5 },
    });
    expect((await stored(second)).map((entry) => entry.head_rev)).toEqual([5]);
    expect(await reported(second)).toMatchObject([{ pos: to + 1 }]);
    expect((await inboxAfter(db, second, to + 1, 10)).entries).toEqual([]);
  });

  it('tells who joins, comes back or leaves in read diffusion, and nobody else', async () => {
    const [owner, stays, leaver, comer, brief] = upTo(5).map(uuid) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const id = await makeGroup(db, [owner, stays, leaver]);
    const two = { threshold: 2 };
    const changed = async (work: () => Promise<void>) => {
      const before = new Map(
        await Promise.all(everyone.map(async (one) => [one, await posOf(one)] as const)),
      );
      await work();
      await fanOut(db, [id], two);
      const moved: string[] = [];
      for (const one of everyone) if ((await posOf(one)) !== before.get(one)) moved.push(one);
      return moved;
    };
    const everyone = [owner, stays, leaver, comer, brief];
    const posOf = async (person: string) => (await stored(person)).at(-1)?.pos ?? 0;
    await fanOut(db, [id], two);
    expect((await inboxEntry(db, stays, id))?.conversation.diffusion).toBe('read');

    expect(await changed(() => join(id, owner, [comer]))).toEqual([comer]);
    expect(await inboxEntry(db, comer, id)).toMatchObject({ role: 'member', readSeq: 2, unread: 0 });
    expect(await changed(() => leave(id, leaver, owner))).toEqual([leaver]);
    expect((await stored(leaver))[0]).toMatchObject({ removed: true, head_rev: 3 });
    expect(await changed(() => join(id, owner, [leaver]))).toEqual([leaver]);
    expect((await stored(leaver))[0]).toMatchObject({ removed: false, head_rev: 4 });
    const inAndOut = async () => {
      await join(id, owner, [brief]);
      await leave(id, brief, owner);
    };
    expect(await changed(inAndOut)).toEqual([brief]);
    expect((await stored(brief))[0]).toMatchObject({ removed: true });
  });

  it('changes above the threshold, and below 0.8 of it: not at either', async () => {
    const people = upTo(6).map(uuid);
    const [owner] = people as [string];
    const id = await makeGroup(db, people.slice(0, 5));
    const five = { threshold: 5 };
    const diffusion = async () => (await inboxEntry(db, owner, id))?.conversation.diffusion;
    await fanOut(db, [id], five);
    expect(await diffusion()).toBe('write');
    await join(id, owner, people.slice(5));
    await fanOut(db, [id], five);
    expect(await diffusion()).toBe('read');
    for (const person of people.slice(4)) await leave(id, person);
    await fanOut(db, [id], five);
    expect(await diffusion()).toBe('read');
    await leave(id, people[3] as string);
    await fanOut(db, [id], five);
    expect(await diffusion()).toBe('write');
  });
});
