import { type InboxEntry, type Message, parseSearch, type SearchHit } from '@lockstep/protocol';
import { DiskStore } from '@lockstep/sync/store/disk';
import { HeldMessages } from '@lockstep/sync/store/held-messages';
import { sampleEntry, sampleMessage } from '@lockstep/testing/samples';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { withWindows } from '../../src/device/local-search.ts';
import { mergeHits, newestMessageFirst } from '../../src/device/merge-hits.ts';
import { DeviceIndex } from '../../src/device/message-index.ts';
import { devicePlan } from '../../src/device/plan.ts';
import { type DeviceAnswer, DeviceSearcher } from '../../src/device/searcher.ts';
import type { DeviceState } from '../../src/device/state.ts';
import { fits } from '../../src/query/fits.ts';

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 24, 12);
const MOMENT = { now: NOON, timeZone: 'UTC' };
const ANN = '00000000-0000-7000-8000-00000000000a';
const BEN = '00000000-0000-7000-8000-00000000000b';

const entries = (...ids: string[]): Map<string, InboxEntry> =>
  new Map(ids.map((id) => [id, sampleEntry({ id, title: id })]));

const state = (change: Partial<DeviceState> = {}): DeviceState =>
  ({
    me: { userId: ANN },
    inbox: entries('trip', 'work'),
    timelines: new Map(),
    people: new Map([
      [ANN, { id: ANN, name: 'Ann' }],
      [BEN, { id: BEN, name: 'Ben' }],
    ]),
    ...change,
  }) as DeviceState;

const planOf = (text: string, typing = false) =>
  devicePlan(parseSearch(text, { typing }).query, state(), MOMENT);

const said = (conversationId: string, bodies: string[], change: Partial<Message> = {}): Message[] =>
  bodies.map((body, i) => sampleMessage(i + 1, { conversationId, body, senderId: BEN, ...change }));

/** Texts that are found, newest first. */
const find = async (index: DeviceIndex, text: string, typing = false): Promise<(string | null)[]> =>
  [...index.search(await planOf(text, typing))].flatMap((hit) => (hit ? [hit.message.body] : []));

describe('the index', () => {
  const index = new DeviceIndex();
  index.replace('trip', [
    ...said('trip', [
      '无线网卡没有声音',
      'The wifi driver is missing',
      'driver for wifi',
      'Café 4.4.0-93 in C++',
    ]),
    sampleMessage(9, {
      conversationId: 'trip',
      body: 'wifi of Ann',
      senderId: ANN,
      createdAt: NOON - 3 * DAY,
    }),
  ]);
  index.replace('work', said('work', ['wifi at work', 'windows wifi'], { createdAt: NOON }));
  index.replace('gone', said('gone', ['wifi elsewhere']));

  test('any two Chinese characters that stand together', async () => {
    expect(await find(index, '声音')).toEqual(['无线网卡没有声音']);
    expect(await find(index, '网卡没有')).toHaveLength(1);
    expect(await find(index, '无音')).toEqual([]);
  });

  test('words in any order, newest first, folded; a word that is being typed begins one', async () => {
    expect(await find(index, 'WIFI driver')).toEqual(['driver for wifi', 'The wifi driver is missing']);
    expect(await find(index, 'cafe')).toHaveLength(1);
    expect(await find(index, 'driv')).toEqual([]);
    expect(await find(index, 'driv', true)).toHaveLength(2);
    expect(await find(index, 'c++')).toHaveLength(1);
    expect(await find(index, '4.0-9')).toHaveLength(1);
  });

  test('phrases, and words that must not be there', async () => {
    expect(await find(index, '"wifi driver"')).toEqual(['The wifi driver is missing']);
    expect(await find(index, 'wifi -driver in:trip')).toEqual(['wifi of Ann']);
  });

  test('what was only annotated is found as it is now, and what was edited by its new text', async () => {
    const one = new DeviceIndex();
    const [first] = said('trip', ['lantern']) as [Message];
    one.replace('trip', [first]);
    const annotated = { ...first, rev: 5, textRev: first.rev, annotations: { pin: true } };
    one.replace('trip', [annotated]);
    const hits = [...one.search(await planOf('lantern'))];
    expect(hits.map((hit) => hit?.message)).toEqual([annotated]);
    one.replace('trip', [{ ...annotated, rev: 6, textRev: 6, body: 'candle' }]);
    expect([await find(one, 'lantern'), await find(one, 'candle')]).toEqual([[], ['candle']]);
  });

  test('who, where and when', async () => {
    expect(await find(index, 'wifi from:@ann')).toEqual(['wifi of Ann']);
    expect(await find(index, 'wifi in:#work -windows')).toEqual(['wifi at work']);
    expect(await find(index, 'wifi before:yesterday -driver')).toEqual(['wifi of Ann']);
    expect(await find(index, 'wifi on:today')).toHaveLength(2);
  });

  test('to whom, and in which conversation by its id', async () => {
    const directs = new DeviceIndex();
    const [trip, dm, other] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000010${n}`) as [
      string,
      string,
      string,
    ];
    const inbox = entries(trip, dm, other);
    for (const [id, peerId] of [
      [dm, BEN],
      [other, '00000000-0000-7000-8000-00000000000c'],
    ] as const)
      inbox.set(id, { ...(inbox.get(id) as InboxEntry), peerId });
    for (const [id, name] of [
      [trip, 'trip'],
      [dm, 'direct'],
      [other, 'other'],
    ] as const)
      directs.replace(id, [
        sampleMessage(1, { conversationId: id, body: `${name} of Ben`, senderId: BEN, createdAt: NOON }),
        sampleMessage(2, { conversationId: id, body: `${name} of Ann`, senderId: ANN, createdAt: NOON + 1 }),
      ]);
    const found = async (text: string) => {
      const plan = await devicePlan(parseSearch(text).query, state({ inbox }), MOMENT);
      return [...directs.search(plan)].flatMap((hit) => (hit ? [hit.message.body] : []));
    };
    expect((await found('to:me')).sort()).toEqual(['direct of Ben']);
    expect(await found('to:@ben')).toEqual(['direct of Ann']);
    expect(await found('-to:me -to:@ben of in:@ben')).toEqual([]);
    expect(await found(`in:<#${dm}>`)).toEqual(['direct of Ann', 'direct of Ben']);
    expect(await found(`-in:<#${dm}> -in:<#${other}> of`)).toEqual(['trip of Ann', 'trip of Ben']);
  });

  test('of one millisecond in the order of Postgres: conversation, then seq, both descending', async () => {
    const same = new DeviceIndex();
    // In two steps: what comes later is put in its place among what is there.
    same.replace('trip', said('trip', ['lantern a', 'lantern b'], { createdAt: NOON }));
    expect(await find(same, 'lantern')).toEqual(['lantern b', 'lantern a']);
    same.replace('work', said('work', ['lantern c', 'lantern d'], { createdAt: NOON }));
    expect(await find(same, 'lantern')).toEqual(['lantern d', 'lantern c', 'lantern b', 'lantern a']);
    same.replace('trip', said('trip', ['lantern a']));
    expect(await find(same, 'lantern')).toEqual(['lantern d', 'lantern c', 'lantern a']);
  });

  test('what a message has beside its words', async () => {
    const traits = new DeviceIndex();
    traits.replace('trip', [
      ...said('trip', ['see https://example.org', 'run `ls`', `ask <@${BEN}>`, 'nothing at all']),
      sampleMessage(9, { conversationId: 'trip', body: 'changed', editedAt: 1 }),
    ]);
    expect(await find(traits, 'has:link')).toEqual(['see https://example.org']);
    expect(await find(traits, 'has:code')).toEqual(['run `ls`']);
    expect(await find(traits, 'has:edit')).toEqual(['changed']);
    expect(await find(traits, 'mentions:@ben')).toEqual([`ask <@${BEN}>`]);
    expect(await find(traits, '-has:link -has:code -has:mention')).toEqual(['changed', 'nothing at all']);
    expect(await find(traits, 'has:link has:code')).toEqual([]);
  });

  test('rule 10: nothing of a conversation that is not in the inbox', async () => {
    expect(await find(index, 'elsewhere')).toEqual([]);
  });

  test('finds exactly what fits, for texts and queries put together by chance', async () => {
    const parts = [
      'the',
      'Is',
      'c++',
      'c',
      '½',
      '5㎏',
      '声音',
      '没有',
      'か\u3099',
      'が',
      'café',
      'ﬁn',
      '4.4.0-93',
      'a_b.c',
    ];
    const more = ['한국어', '😀', `<@${BEN}>`, 'x'.repeat(90), 'there', '. ', '、', 'Straße', 'ΣΑΣ', '12'];
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * n);
    };
    const text = (most: number) =>
      Array.from(
        { length: 1 + random(most) },
        () => [...parts, ...more][random(parts.length + more.length)],
      ).join(random(3) === 0 ? '' : ' ');
    const messages = said(
      'trip',
      Array.from({ length: 150 }, () => text(6)),
    );
    const chance = new DeviceIndex();
    chance.replace('trip', messages);
    let found = 0;
    for (let i = 0; i < 120; i++) {
      const query = random(3) === 0 ? `"${text(2)}"` : text(2);
      const typing = random(2) === 0;
      const plan = await planOf(query, typing);
      const fitting = messages.filter((message) => fits(message, plan)).sort(newestMessageFirst);
      expect(await find(chance, query, typing), query).toEqual(fitting.map(({ body }) => body));
      found += fitting.length;
    }
    expect(found).toBeGreaterThan(100);
  });
});

describe('the disk', () => {
  const disk = async () => {
    const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
    const store = new DiskStore({ userId: ANN, idb });
    const { epoch } = await store.takeOver();
    const write = (messages: Message[], since: number) => {
      const [{ conversationId, rev }, seqs] = [messages.at(-1) as Message, messages.map(({ seq }) => seq)];
      const ranges = seqs.map((seq) => [seq, seq] as const);
      return store.write(epoch, { messages, held: [{ conversationId, since, rev, ranges }] });
    };
    const answers: DeviceAnswer[] = [];
    const device = new DeviceSearcher(new HeldMessages(ANN, idb), (answer) => answers.push(answer));
    let run = 0;
    const search = async (text: string) => {
      await device.search(++run, await planOf(text));
      return answers.at(-1)?.hits.map(({ message }) => message.body);
    };
    return { idb, store, epoch, write, search, answers };
  };

  test('what is on it is found; what comes, changes and goes afterwards as well', async () => {
    const { store, epoch, write, search } = await disk();
    await write(said('trip', ['lantern one', 'lantern two']), 0);
    expect(await search('lantern')).toEqual(['lantern two', 'lantern one']);
    await write([sampleMessage(3, { conversationId: 'trip', body: 'lantern three' })], 2);
    await write([sampleMessage(1, { conversationId: 'trip', rev: 4, body: 'no light' })], 3);
    expect(await search('lantern')).toEqual(['lantern three', 'lantern two']);
    await store.write(epoch, { removed: ['trip'] });
    expect(await search('lantern')).toEqual([]);
  });

  test('the first fifty come at once, the others after', async () => {
    const { write, search, answers } = await disk();
    await write(
      said(
        'trip',
        Array.from({ length: 120 }, (_, i) => `lantern ${i}`),
      ),
      0,
    );
    expect(await search('lantern')).toHaveLength(120);
    answers.length = 0;
    await search('lantern');
    expect(answers[0]).toMatchObject({ done: false });
    expect(answers.at(-1)).toMatchObject({ done: true });
  });

  test('without one nothing is found and none is made; wiping it does not wait for the search', async () => {
    const { idb, store, write, search } = await disk();
    await write(said('trip', ['lantern']), 0);
    expect(await search('lantern')).toHaveLength(1);
    await store.wipe();
    expect(await search('lantern')).toEqual([]);
    expect(await idb.indexedDB.databases()).toEqual([]);
  });
});

describe('the disk, the windows and the server merged', () => {
  const hit = (message: Message): SearchHit => ({ message, marks: [] });
  const hits = (conversationId: string, ...seqs: number[]) =>
    seqs.map((seq) => hit(sampleMessage(seq, { conversationId })));
  const seqs = (list: readonly SearchHit[]) => list.map(({ message }) => message.seq);

  test('open windows replace what the disk has, and conversations that were left are gone', () => {
    const messages = [5, 4].map((seq) => sampleMessage(seq, { conversationId: 'trip' }));
    const timelines = new Map([['trip', { messages }]]);
    const onDisk = [...hits('trip', 5, 4, 3), ...hits('gone', 2)];
    const found = withWindows(onDisk, hits('trip', 5), { inbox: entries('trip'), timelines });
    expect(seqs(found)).toEqual([5, 3]);
  });

  test('the server’s page comes on top, once each, and what is older stays below it', () => {
    expect(seqs(mergeHits(hits('trip', 9, 8, 7), hits('trip', 9, 7, 6, 5)))).toEqual([9, 8, 7, 6, 5]);
    expect(seqs(mergeHits(hits('trip', 9, 7), hits('trip', 9, 8, 7)))).toEqual([9, 7]);
    // Also within the millisecond of the last one.
    const at = (seq: number) => hit(sampleMessage(seq, { conversationId: 'trip', createdAt: 5 }));
    expect(seqs(mergeHits([at(9), at(7)], [at(8), at(7), at(6)]))).toEqual([9, 7, 6]);
  });
});
