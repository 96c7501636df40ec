import { VirtualClock } from '@lockstep/testing/sim/clock';
import { describe, expect, it } from 'vitest';
import { Cache } from '../src/cache.ts';
import { type Context, Store } from '../src/context.ts';
import { mergeEntry } from '../src/entries.ts';
import type { Mirror } from '../src/mirror.ts';
import { emptyModel } from '../src/model.ts';
import type { Range } from '../src/store/port.ts';
import { entry, ME, message } from './fixtures.ts';

/** A cache of `size` over what is on disk of each conversation; `asked`: of which the newest page was fetched. */
const makeCache = (
  size: number,
  conversations: {
    id: string;
    headSeq: number;
    held?: { rev: number; ranges: Range[] } | null;
    at?: number;
  }[],
) => {
  let model = emptyModel(ME);
  const held = new Map<string, { rev: number; ranges: Range[] }>();
  for (const { id, headSeq, held: known, at = 1 } of conversations) {
    const one = entry(headSeq);
    const conversation = { ...one.conversation, id };
    const last = one.last && { ...one.last, conversationId: id, createdAt: at };
    model = mergeEntry(model, { ...one, conversation, last }).model;
    if (known) held.set(id, known);
  }
  const asked: string[] = [];
  const clock = new VirtualClock();
  const mirror = {
    writes: true,
    opened: () => {},
    held: (id: string) => held.get(id),
    page: (id: string, _: unknown, rev: number) => void held.set(id, { rev, ranges: [[1, rev]] }),
    changed: () => {},
    reset: (id: string) => void held.delete(id),
  };
  const context = {
    store: new Store(model),
    clock,
    running: () => true,
    failed: () => {},
    transport: {
      before: async (id: string) => {
        asked.push(id);
        return { messages: [message(1)], hasBefore: false, hasAfter: false };
      },
      changes: async (id: string, to: number) => {
        const head = model.entries.get(id)?.conversation;
        return { messages: [], to, headRev: to, headSeq: head?.headSeq, reset: false };
      },
    },
  } as unknown as Context;
  return { cache: new Cache(context, mirror as unknown as Mirror, size), asked, clock, mirror };
};

describe('the newest page of a conversation is fetched', () => {
  it.each<[string, { rev: number; ranges: Range[] } | null, boolean]>([
    ['nothing of it is held', null, true],
    ['it ends before the head', { rev: 100, ranges: [[50, 99]] }, true],
    ['only a hole ends at the head', { rev: 100, ranges: [] }, true],
    [
      'less than half a page is held',
      {
        rev: 100,
        ranges: [
          [1, 20],
          [77, 100],
        ],
      },
      true,
    ],
    [
      'half a page is held',
      {
        rev: 100,
        ranges: [
          [1, 20],
          [76, 100],
        ],
      },
      false,
    ],
    ['all of it is held', { rev: 100, ranges: [[1, 100]] }, false],
  ])('where %s: %j, %s', async (_, held, isFetched) => {
    const { cache, asked } = makeCache(5, [{ id: 'tea', headSeq: 100, held }]);
    await cache.run();
    expect(asked).toEqual(isFetched ? ['tea'] : []);
  });

  it('not of an empty one, and not where all of a short one is held', async () => {
    const { cache, asked } = makeCache(5, [
      { id: 'empty', headSeq: 0 },
      { id: 'short', headSeq: 3, held: { rev: 3, ranges: [[1, 3]] } },
    ]);
    await cache.run();
    expect(asked).toEqual([]);
  });
});

it('the most recent ones are fetched, and those that were opened', async () => {
  const { cache, asked, clock } = makeCache(2, [
    { id: 'old', headSeq: 5, at: 1 },
    { id: 'newest', headSeq: 5, at: 4 },
    { id: 'newer', headSeq: 5, at: 3 },
    { id: 'opened', headSeq: 5, at: 2 },
  ]);
  await cache.run();
  expect(asked.sort()).toEqual(['newer', 'newest']);
  cache.want('opened');
  cache.want('opened');
  await clock.advance(4_999);
  expect(asked).toHaveLength(2);
  await clock.advance(1);
  expect(asked.sort()).toEqual(['newer', 'newest', 'opened']);
  await clock.advance(60_000);
  expect(asked).toHaveLength(3);
});

it('nothing is fetched where nothing can be written, or none are to be kept', async () => {
  const full = makeCache(5, [{ id: 'tea', headSeq: 5 }]);
  full.mirror.writes = false;
  const none = makeCache(0, [{ id: 'tea', headSeq: 5 }]);
  for (const { cache, clock } of [full, none]) {
    cache.want('tea');
    await clock.advance(60_000);
    await cache.run();
  }
  expect([full.asked, none.asked]).toEqual([[], []]);
});
