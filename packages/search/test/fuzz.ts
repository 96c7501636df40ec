import { randomUUID } from 'node:crypto';
import { actions } from '@lockstep/core';
import { appendHistory, fanOut, laggingConversations } from '@lockstep/db';
import { LockstepError, mention } from '@lockstep/protocol';
import type { TestPerson } from '@lockstep/testing';
import { seeded } from '@lockstep/testing/sim/random';
import { expect } from 'vitest';
import type { Searcher } from '../src/index.ts';
import { type Clause, filter, not, part, phrase, prefix, type Row, scan, visibleTo, word } from './oracle.ts';
import type { makeSearchWorld } from './world.ts';

type World = Awaited<ReturnType<typeof makeSearchWorld>>;

/** What stands behind a minus and is no number and no flag of a command. */
const mayBeNegated = (text: string): boolean => /^[\p{L}"“]/u.test(text) && !/^[a-z0-9]{1,2}$/i.test(text);

/** The same choices for the same seed. */
export const randomOf = (seed: number) => {
  const next = seeded(seed);
  const below = (n: number) => Math.floor(next() * n);
  return { next, below, pick: <T>(list: readonly T[]): T => list[below(list.length)] as T };
};
type Random = ReturnType<typeof randomOf>;

const WORDS = ['apple', 'Apply', 'banana', 'band', 'cherry', 'date', 'elder'];
const PIECES = [
  ...WORDS,
  ...['今天天气很好', '人工智能', '天气', '智能手机', 'release-4.4.0-93', 'Qwen3-32B', 'a_b.c'],
  ...['https://example.org/x', '`code`', 'MENTION'],
];
const PARTS = ['天气', '智能', '人工智能', '好', '4.4.0-93', '4.0-9', 'wen3', 'a_b.c', '机'];
const DAY = 86_400_000;
const START = Date.parse('2020-01-01T00:00:00Z');

/** A workspace in which people talk, come, go, change and take back what they said, while an index follows in fits and starts. */
export class Fuzz {
  readonly people: TestPerson[] = [];
  readonly conversations: { id: string; title: string; owner: TestPerson }[] = [];

  constructor(
    readonly world: World,
    readonly random: Random,
  ) {}

  async begin(): Promise<void> {
    const { world, random, people } = this;
    for (const name of ['Ann', 'Ben', 'Cleo', 'Dan']) people.push(await world.person(name));
    for (const title of ['Alpha', 'Beta', 'Gamma', 'Delta']) {
      const [owner, other] = [random.pick(people), random.pick(people)];
      const id = await world.group(owner, title, ...(other === owner ? [] : [other]));
      this.conversations.push({ id, title, owner });
    }
    const [ann, ben, cleo] = people as [TestPerson, TestPerson, TestPerson];
    for (const [a, b] of [
      [ann, ben],
      [ben, cleo],
      [ann, ann],
    ] as const)
      this.conversations.push({ id: await world.direct(a, b), title: '', owner: a });
  }

  async step(): Promise<void> {
    const { world, random } = this;
    const { core } = world;
    const place = random.pick(this.conversations);
    const conversationId = place.id;
    const actor = place.owner.actor;
    const someone = random.pick(this.people);
    const chance = random.next();
    try {
      if (chance < 0.5) await this.#say(conversationId);
      else if (chance < 0.6) await this.#change(conversationId, 'edit');
      else if (chance < 0.7) await this.#change(conversationId, 'recall');
      else if (chance < 0.78)
        await actions.addMembers(actor, core, { conversationId, userIds: [someone.id] });
      else if (chance < 0.86) await actions.removeMember(actor, core, { conversationId, userId: someone.id });
      else if (chance < 0.9) await this.#read(conversationId, someone);
      else await this.#index();
    } catch (error) {
      // Directs cannot be changed, owners not removed: what is refused changes nothing.
      if (!(error instanceof LockstepError)) throw error;
    }
  }

  #text(): string {
    const { random } = this;
    return Array.from({ length: 1 + random.below(5) }, () => random.pick(PIECES))
      .map((piece) => (piece === 'MENTION' ? mention(random.pick(this.people).id) : piece))
      .join(' ');
  }

  async #say(conversationId: string): Promise<void> {
    const { random, world } = this;
    const members = await this.#membersOf(conversationId);
    const rows = Array.from({ length: 1 + random.below(4) }, () => ({
      senderId: random.pick(members),
      clientId: randomUUID(),
      body: this.#text(),
      system: null,
      createdAt: new Date(START + random.below(40) * DAY + random.below(3) * 1_000),
    }));
    await appendHistory(world.db, conversationId, rows);
    await fanOut(world.db, [conversationId], { threshold: 500 });
  }

  async #change(conversationId: string, how: 'edit' | 'recall'): Promise<void> {
    const { world, random } = this;
    const { rows } = await world.db.pool.query<{ seq: number; sender_id: string }>(
      'select seq, sender_id from message where conversation_id = $1 and body is not null order by seq',
      [conversationId],
    );
    if (rows.length === 0) return;
    const { seq, sender_id } = random.pick(rows);
    const sender = this.people.find(({ id }) => id === sender_id) as TestPerson;
    if (how === 'edit')
      await actions.editMessage(sender.actor, world.core, { conversationId, seq, body: this.#text() });
    else await actions.recallMessage(sender.actor, world.core, { conversationId, seq });
  }

  async #read(conversationId: string, who: TestPerson): Promise<void> {
    await actions.setReadPosition(who.actor, this.world.core, {
      conversationId,
      seq: this.random.below(30),
    });
  }

  /** Some of what waits. */
  async #index(): Promise<void> {
    const { world, random } = this;
    const waiting = await laggingConversations(world.db, world.index.consumer, 100);
    await world.index.apply(waiting.filter(() => random.next() < 0.6));
  }

  async #membersOf(conversationId: string): Promise<string[]> {
    const { rows } = await this.world.db.pool.query<{ id: string }>(
      'select user_id as id from active_member where conversation_id = $1 order by user_id',
      [conversationId],
    );
    return rows.map(({ id }) => id);
  }

  clauses(viewer: TestPerson): Clause[] {
    const { random } = this;
    return Array.from({ length: 1 + random.below(3) }, () => {
      const clause = this.#clause(viewer);
      return random.next() < 0.2 && mayBeNegated(clause.text) ? not(clause) : clause;
    });
  }

  #clause(viewer: TestPerson): Clause {
    const { random } = this;
    const who = random.pick(this.people);
    const place = random.pick(this.conversations.filter(({ title }) => title !== ''));
    const day = random.below(40);
    const date = new Date(START + day * DAY).toISOString().slice(0, 10);
    const [from, to] = [START + day * DAY, START + (day + 1) * DAY];
    const isDirectWith = (row: Row, id: string) => row.kind === 'direct' && row.peers.includes(id);
    return random.pick<() => Clause>([
      () => word(random.pick(WORDS)),
      () => word(random.pick(WORDS)),
      () => prefix(random.pick(['app', 'ban', 'che', 'da'])),
      () => phrase('apple', 'banana'),
      () => phrase(random.pick(WORDS).toLowerCase(), random.pick(WORDS).toLowerCase()),
      () => part(random.pick(PARTS)),
      () => part(random.pick(PARTS)),
      () => filter(`from:@${who.name}`, 'from', (row) => row.senderId === who.id),
      () => filter('from:me', 'from', (row) => row.senderId === viewer.id),
      () => filter(`in:#${place.title}`, 'in', (row) => row.conversationId === place.id),
      () => filter(`mentions:@${who.name}`, 'mentions', (row) => row.body.includes(mention(who.id))),
      () =>
        filter(
          'to:me',
          'to',
          (row) => isDirectWith(row, viewer.id) && (row.peers.length === 1 || row.senderId !== viewer.id),
        ),
      () => filter('is:direct', 'direct', (row) => row.kind === 'direct'),
      () =>
        filter(
          'is:unread',
          'unread',
          (row) => row.senderId !== viewer.id && row.readSeq !== null && row.seq > row.readSeq,
        ),
      () => filter('has:link', 'link', (row) => row.body.includes('https://')),
      () => filter('has:code', 'code', (row) => row.body.includes('`')),
      () => filter('has:mention', 'mention', (row) => row.body.includes('<@')),
      () => filter('has:edit', 'edit', (row) => row.edited),
      () => filter(`on:${date}`, `on ${date}`, (row) => row.at >= from && row.at < to),
      () => filter(`before:${date}`, `before ${date}`, (row) => row.at < from),
      () => filter(`after:${date}`, `after ${date}`, (row) => row.at >= to),
      () => filter('during:2020-01', 'during', (row) => row.at < Date.parse('2020-02-01T00:00:00Z')),
    ])();
  }

  /** One question of one person, answered by the product and by a plain scan. */
  async ask(viewer: TestPerson, everything: boolean): Promise<void> {
    const clauses = this.clauses(viewer);
    const visible = await visibleTo(this.world.db, viewer.id, everything);
    // Unread is of the conversations that one is in; what is not there is neither read nor unread.
    const asksUnread = clauses.some(({ text }) => text.endsWith('is:unread'));
    const expected = scan(visible, clauses).filter((row) => !asksUnread || row.readSeq !== null);
    const text = clauses.map((clause) => clause.text).join(' ');
    const said = `${viewer.name}${everything ? ' (everything)' : ''}: ${text}`;
    await this.#compare(this.world.searcher, viewer, everything, text, visible, expected, said);
  }

  async #compare(
    searcher: Searcher,
    viewer: TestPerson,
    everything: boolean,
    text: string,
    visible: Row[],
    expected: Row[],
    said: string,
  ): Promise<void> {
    const ask = { text, typing: false, timeZone: 'UTC', now: Date.now() };
    const who = { userId: viewer.id, everything };
    const keys: string[] = [];
    let cursor: string | null = null;
    let forgiven = false;
    do {
      const page = await searcher.page(who, {
        ...ask,
        cursor,
        limit: 1 + this.random.below(7),
        facets: false,
      });
      forgiven ||= page.forgiven;
      for (const { message } of page.hits) {
        const row = visible.find(
          (one) => one.conversationId === message.conversationId && one.seq === message.seq,
        );
        // Zero leaks: whatever is shown may be seen, and stands like that.
        expect(row?.body, said).toBe(message.body);
        keys.push(keyOf(message));
      }
      cursor = page.next;
    } while (cursor);
    const facets = await searcher.facets(who, ask);
    if (forgiven) {
      expect(expected, said).toEqual([]);
      expect(facets.total.count, said).toBe(keys.length);
      return;
    }
    // Zero misses, in order, each once.
    expect(keys, said).toEqual(expected.map(keyOf));
    expect(facets.total, said).toEqual({ count: expected.length, capped: false });
    expect(Object.fromEntries(facets.people.map((one) => [one.userId, one.count])), said).toEqual(
      countBy(expected, (row) => row.senderId),
    );
    expect(
      Object.fromEntries(facets.conversations.map((one) => [one.conversationId, one.count])),
      said,
    ).toEqual(countBy(expected, (row) => row.conversationId));
    expect(Object.fromEntries(facets.months.map((one) => [one.month, one.count])), said).toEqual(
      countBy(expected, (row) => new Date(row.at).toISOString().slice(0, 7)),
    );
    expect(await searcher.count(who, ask), said).toEqual(facets.total);
  }
}

const keyOf = ({ conversationId, seq }: { conversationId: string; seq: number }) =>
  `${conversationId} ${seq}`;

const countBy = (rows: Row[], key: (row: Row) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
};
