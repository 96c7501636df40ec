import { actions, queries } from '@lockstep/core';
import type { HistoryState } from '@lockstep/protocol';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const device = { ipAddress: '10.1.2.3', userAgent: null };
const reason = 'a complaint';

describe('message history for admins', () => {
  let world: World;
  let admin: TestPerson;
  let ann: TestPerson;
  let ben: TestPerson;
  let conversationId: string;
  beforeAll(async () => {
    world = await makeWorld();
    admin = await world.person('Admin', { role: 'admin' });
    ann = await world.person('Ann');
    ben = await world.person('Ben');
    const { conversation } = await actions.createGroup(ann.actor, world.core, {
      title: 'Trip',
      userIds: [ben.id],
    });
    conversationId = conversation.id;
  });
  afterAll(() => world.close());

  const say = async (body: string) =>
    (
      await actions.sendMessage(ann.actor, world.core, {
        conversationId,
        clientId: crypto.randomUUID(),
        body,
      })
    ).seq;
  const edit = (seq: number, body: string) =>
    actions.editMessage(ann.actor, world.core, { conversationId, seq, body });
  const recall = (seq: number) => actions.recallMessage(ann.actor, world.core, { conversationId, seq });
  const search = (
    text: string,
    more: { state?: HistoryState; cursor?: string; limit?: number; to?: number } = {},
  ) =>
    queries.searchHistory(admin.actor, world.core, device, {
      reason,
      text,
      state: 'all',
      from: null,
      to: null,
      timeZone: 'UTC',
      limit: 20,
      ...more,
    });
  const seqsOf = async (text: string, state: HistoryState = 'all') =>
    (await search(text, { state })).hits.map(({ message }) => message.seq);
  const rows = async () => (await queries.listAudit(admin.actor, world.core, { limit: 100 })).entries;

  it('puts the best first with sort:best, earlier texts among what stands, page by page', async () => {
    const places: [name: string, seq: number][] = [];
    for (const body of [
      'dodo',
      'a dodo and much else that was said',
      'dodo dodo',
      'some words, then a dodo',
    ]) {
      const seq = await say(body);
      if (places.length % 2 === 0) await recall(seq);
      places.push([body, seq]);
    }
    const whole = (await search('dodo sort:best')).hits.map(({ message }) => message.seq);
    expect([...whole].sort((a, b) => a - b)).toEqual(places.map(([, seq]) => seq));
    const newest = await seqsOf('dodo');
    expect(newest).toEqual(places.map(([, seq]) => seq).reverse());
    expect(whole).not.toEqual(newest);
    const paged: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await search('dodo sort:best', { limit: 1, ...(cursor ? { cursor } : {}) });
      paged.push(...page.hits.map(({ message }) => message.seq));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(paged).toEqual(whole);
    for (const seq of newest) await recall(seq);
  });

  it('finds what stands, what was recalled and what was edited away, of conversations one is not in', async () => {
    const plain = await say('walrus as it stands');
    const edited = await say('walrus that was wrong');
    await edit(edited, 'a seal');
    const recalled = await say('walrus to be forgotten');
    await recall(recalled);
    const { hits, people, conversations } = await search('walrus');
    expect(hits.map(({ message, state }) => [message.seq, state])).toEqual([
      [recalled, 'recalled'],
      [edited, 'edited'],
      [plain, 'plain'],
    ]);
    expect(hits[0]).toMatchObject({
      message: { body: 'walrus to be forgotten' },
      marks: [[0, 6]],
      found: null,
    });
    expect(hits[1]).toMatchObject({
      message: { body: 'a seal' },
      found: { version: 1, body: 'walrus that was wrong', marks: [[0, 6]] },
    });
    expect(people.map(({ name }) => name)).toContain('Ann');
    expect(conversations[0]?.title).toBe('Trip');
    expect(await seqsOf('walrus', 'recalled')).toEqual([recalled]);
    expect(await seqsOf('walrus', 'edited')).toEqual([edited]);
    expect(await seqsOf('walrus -forgotten')).toEqual([edited, plain]);
    expect(await seqsOf(`walrus from:<@${ben.id}>`)).toEqual([]);
    expect(await seqsOf('', 'recalled')).toContain(recalled);
  });

  it('finds a word through characters that only say how it is written, in the text and in the query', async () => {
    const soft = await say('flamingo super\u00admarket');
    const edited = await say('flamingo bud\u200bget');
    await edit(edited, 'flamingo 人工\u200b智能');
    for (const query of ['supermarket', 'super\u00admarket', 'su\u200bpermarket', '"flamingo supermarket"'])
      expect(await seqsOf(query), query).toEqual([soft]);
    for (const query of ['budget', 'bud\u00adget', '"flamingo bud\u200bget"', '人工智能', '人\u00ad工智能'])
      expect(await seqsOf(query), query).toEqual([edited]);
    expect(await seqsOf('flamingo -super\u200bmarket')).toEqual([edited]);
  });

  it('pages through both without a hit twice or lost', async () => {
    const all: number[] = [];
    for (let i = 0; i < 23; i++) {
      const seq = await say(`ostrich ${i}`);
      all.unshift(seq);
      if (i % 3 === 0) await recall(seq);
      if (i % 3 === 1) await edit(seq, 'emptied');
      if (i % 6 === 2) await edit(seq, `ostrich again ${i}`);
    }
    const found: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await search('ostrich', { limit: 4, ...(cursor ? { cursor } : {}) });
      found.push(...page.hits.map(({ message }) => message.seq));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(found).toEqual(all);
  });

  it('has what was recalled in its place in the conversation', async () => {
    const before = await say('before');
    const gone = await say('to be gone');
    await recall(gone);
    const context = await queries.openHistory(admin.actor, world.core, device, {
      reason,
      conversationId,
      seq: gone,
      limit: 4,
    });
    const stands = context.messages.map(({ message, state }) => [message.seq, message.body, state]);
    expect(stands).toContainEqual([gone, 'to be gone', 'recalled']);
    expect(stands).toContainEqual([before, 'before', 'plain']);
  });

  it('writes each look down before it is answered: who, where, why, what, how much', async () => {
    await say('pelican');
    const before = (await rows()).length;
    await search('pelican');
    const after = await rows();
    expect(after).toHaveLength(before + 1);
    expect(after[0]).toMatchObject({
      actorId: admin.id,
      actorName: 'Admin',
      sessionId: admin.actor.sessionId,
      address: '10.1.2.3',
      action: 'search',
      reason,
      asked: { text: 'pelican', state: 'all', from: null, to: null, more: false },
      answered: 1,
      conversationIds: [conversationId],
    });
    expect((await queries.verifyAudit(admin.actor, world.core, {})).faults).toEqual([]);
  });

  it('gives no answer that it could not write down', async () => {
    await world.core.db.pool.query('alter table audit_entry rename to audit_away');
    await expect(search('pelican')).rejects.toThrow();
    await world.core.db.pool.query('alter table audit_away rename to audit_entry');
  });

  it('is for admins of the workspace only, and leaves no row of others', async () => {
    const before = (await rows()).length;
    const at = { reason, conversationId, seq: 1 };
    const asks = [
      () =>
        queries.searchHistory(ann.actor, world.core, device, {
          ...at,
          text: 'a',
          state: 'all',
          from: null,
          to: null,
          timeZone: 'UTC',
          limit: 1,
        }),
      () => queries.openHistory(ann.actor, world.core, device, { ...at, limit: 5 }),
      () => queries.messageHistory(ann.actor, world.core, device, at),
      async () => queries.listAudit(ann.actor, world.core, { limit: 1 }),
      async () => queries.verifyAudit(ann.actor, world.core, {}),
      () => actions.setAccessNotices(ann.actor, world.core, device, { tell: false }),
    ];
    for (const ask of asks) await expect(ask()).rejects.toMatchObject({ code: 'forbidden' });
    expect(await rows()).toHaveLength(before);
  });

  it('shows members which admins accessed their conversation, if the setting is on, and nobody else', async () => {
    const reported = () => queries.listAccesses(ben.actor, world.core, { conversationId });
    await search('walrus');
    expect((await reported()).looks[0]).toMatchObject({ actorName: 'Admin', action: 'search' });
    const stranger = await world.person('Stranger');
    await expect(queries.listAccesses(stranger.actor, world.core, { conversationId })).rejects.toMatchObject({
      code: 'not_found',
    });
    await actions.setAccessNotices(admin.actor, world.core, device, { tell: false });
    expect(await reported()).toEqual({ told: false, looks: [] });
    expect((await rows())[0]).toMatchObject({ action: 'setting', asked: { tellLooks: false } });
  });
});

describe('who could see a text', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world.close());

  it('equals a plain check at every moment: joins, leavings, returns, edits, recalls', async () => {
    const { core } = world;
    const admin = await world.person('Admin', { role: 'admin' });
    const owner = await world.person('Owner');
    const others = await Promise.all(['A', 'B', 'C', 'D'].map((name) => world.person(name)));
    const { conversation } = await actions.createGroup(owner.actor, core, {
      title: 'Comings and goings',
      userIds: [others[0]?.id ?? ''],
    });
    const conversationId = conversation.id;
    const inside = new Set([owner, others[0]]);
    const texts: { seq: number; body: string }[] = [];
    const seen = new Map<string, Set<string>>();
    // What each can read right now, by the doors that members have.
    const lookAround = async () => {
      for (const person of [owner, ...others]) {
        const page = await queries
          .messagesBefore(person.actor, core, { conversationId, limit: 100 })
          .catch(() => null);
        for (const { seq, body, system, editedAt } of page?.messages ?? []) {
          if (system || body === null) continue;
          const earlier = editedAt
            ? await queries.messageVersions(person.actor, core, { conversationId, seq })
            : [];
          for (const text of [body, ...earlier.map((version) => version.body)]) {
            const key = `${seq} ${text}`;
            seen.set(key, (seen.get(key) ?? new Set()).add(person.id));
          }
        }
      }
    };
    let random = 7;
    const next = (n: number) => {
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((random / 2_147_483_648) * n);
    };
    for (let step = 0; step < 60; step++) {
      const person = others[next(4)] as TestPerson;
      const text = texts[next(texts.length)];
      const kind = next(5);
      if (kind === 0 && !inside.has(person)) {
        await actions.addMembers(owner.actor, core, { conversationId, userIds: [person.id] });
        inside.add(person);
      } else if (kind === 1 && inside.has(person)) {
        await actions.leaveConversation(person.actor, core, { conversationId });
        inside.delete(person);
      } else if (kind === 2 && text) {
        const body = `text ${step} again`;
        await actions.editMessage(owner.actor, core, { conversationId, seq: text.seq, body }).catch(() => {});
      } else if (kind === 3 && text && next(2) === 0) {
        await actions.recallMessage(owner.actor, core, { conversationId, seq: text.seq });
      } else {
        const body = `text ${step}`;
        const { seq } = await actions.sendMessage(owner.actor, core, {
          conversationId,
          clientId: crypto.randomUUID(),
          body,
        });
        texts.push({ seq, body });
      }
      await lookAround();
    }
    let compared = 0;
    for (const { seq } of texts) {
      const { versions } = await queries.messageHistory(admin.actor, core, device, {
        reason,
        conversationId,
        seq,
      });
      for (const { body, viewers, viewerCount } of versions) {
        const reported = new Set(viewers.map(({ userId }) => userId));
        expect([...reported].sort(), `${seq} ${body}`).toEqual(
          [...(seen.get(`${seq} ${body}`) ?? [])].sort(),
        );
        expect(viewerCount).toBe(reported.size);
        for (const { from, until } of viewers) if (until !== null) expect(until).toBeGreaterThanOrEqual(from);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(texts.length);
  });
});
