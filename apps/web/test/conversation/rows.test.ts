import type { Message } from '@lockstep/protocol';
import { sampleMessage } from '@lockstep/testing/samples';
import { describe, expect, it } from 'vitest';
import {
  buildRows,
  firstUnread,
  GROUP_WINDOW,
  type Row,
  type RowInput,
} from '../../components/conversation/timeline/rows.ts';
import { step } from '../../components/conversation/timeline/use-anchored-rows.ts';

const DAY = 86_400_000;
const T0 = new Date(2026, 2, 3, 10, 0).getTime();

const message = (seq: number, over: Partial<Message> = {}) =>
  sampleMessage(seq, { createdAt: T0 + seq * 1_000, ...over });
const rows = (over: Partial<RowInput>): Row[] =>
  buildRows({
    messages: [],
    outbox: [],
    changes: [],
    meId: 'me',
    hasBefore: false,
    hasAfter: false,
    firstNewSeq: null,
    ...over,
  });
const unsent = (clientId: string, createdAt = T0 + 9_000) => ({
  clientId,
  body: 'mine',
  createdAt,
  state: 'pending' as const,
  error: null,
});

describe('rows', () => {
  it('say what was done to a message last and is not settled', () => {
    const target = { seq: 2, clientId: null };
    const common = {
      key: 'messages c',
      order: 1,
      at: 1,
      state: 'pending',
      error: null,
      tries: 0,
      storedRev: null,
    };
    const args = { conversationId: 'c', target };
    const edit = { ...common, id: 'edit c 2', name: 'edit', args: { ...args, body: 'better' } } as const;
    const recall = { ...common, id: 'recall c 2', name: 'recall', args } as const;
    const list = rows({ messages: [message(1), message(2)], changes: [edit, recall] as never });
    expect(list.map(({ change }) => change)).toEqual([null, recall]);
  });

  it('group messages of one sender within five minutes', () => {
    const list = rows({
      messages: [
        message(1),
        message(2),
        message(3, { senderId: 'bob' }),
        message(4, { senderId: 'bob', createdAt: T0 + 400_000 }),
        message(5, { senderId: 'bob', createdAt: T0 + 401_000 }),
      ],
    });
    expect(list.map((row) => row.head)).toEqual([true, false, true, true, false]);
  });

  it('group them up to exactly that time, and not a millisecond longer', () => {
    const at = T0 + 1_000;
    const headsAfter = (pause: number) =>
      rows({ messages: [message(1, { createdAt: at }), message(2, { createdAt: at + pause })] }).map(
        ({ head }) => head,
      );
    expect(GROUP_WINDOW).toBe(5 * 60_000);
    expect(headsAfter(GROUP_WINDOW)).toEqual([true, false]);
    expect(headsAfter(GROUP_WINDOW + 1)).toEqual([true, true]);
  });

  it('begin a group after a system message, at a new day and at the new-messages line', () => {
    const system = { type: 'renamed', title: 'x' } as const;
    const list = rows({
      messages: [
        message(1),
        message(2, { system, body: null }),
        message(3),
        message(4),
        message(5, { createdAt: T0 + DAY }),
      ],
      firstNewSeq: 4,
    });
    // That of a system message is never shown.
    expect(list.map((row) => row.head)).toEqual([true, false, true, true, true]);
    expect(list.map((row) => row.day !== null)).toEqual([true, false, false, false, true]);
    expect(list.map((row) => row.firstNew)).toEqual([false, false, false, true, false]);
  });

  it('never change because older messages were loaded', () => {
    const all = Array.from({ length: 40 }, (_, i) =>
      message(i + 1, { senderId: i % 7 < 4 ? 'ann' : 'bob', createdAt: T0 + i * 3_000_000 }),
    );
    const whole = new Map(rows({ messages: all }).map((row) => [row.key, row]));
    for (let from = 0; from < 38; from++) {
      const part = rows({ messages: all.slice(from), hasBefore: from > 0 });
      expect(part.length).toBe(from > 0 ? 39 - from : 40);
      for (const row of part) expect(row).toEqual(whole.get(row.key));
    }
  });

  it('keep the key of a sent message when it is stored, and show it once', () => {
    const stored = message(1, { senderId: 'me', clientId: 'x' });
    const before = rows({ outbox: [unsent('x')] });
    const both = rows({ messages: [stored], outbox: [unsent('x')] });
    expect(both.map((row) => row.key)).toEqual(before.map((row) => row.key));
    expect(both[0]?.message).toBe(stored);
  });

  it('are not mixed up when someone else uses the same client id', () => {
    const list = rows({ messages: [message(1, { clientId: 'x' })], outbox: [unsent('x')] });
    expect(new Set(list.map((row) => row.key)).size).toBe(2);
  });

  it('leave the outbox out while the newest messages are not loaded', () => {
    expect(rows({ messages: [message(1)], outbox: [unsent('x')], hasAfter: true }).length).toBe(1);
  });

  it('say which is the first message of the conversation', () => {
    const starts = (over: Partial<RowInput>) => rows(over).map(({ start }) => start);
    expect(starts({ messages: [message(1), message(2)], outbox: [unsent('x')] })).toEqual([
      true,
      false,
      false,
    ]);
    expect(starts({ messages: [message(4)], hasBefore: true })).toEqual([false]);
    expect(starts({ outbox: [unsent('x'), unsent('y')] })).toEqual([true, false]);
    expect(starts({ outbox: [unsent('x')], hasBefore: true })).toEqual([false]);
  });

  it('find the first unread message of someone else', () => {
    const list = [
      message(1),
      message(2, { senderId: 'me' }),
      message(3, { recalledAt: 1, body: null }),
      message(4),
    ];
    expect(firstUnread(list, 1, 'me')).toBe(4);
    expect(firstUnread(list, 4, 'me')).toBeNull();
  });
});

describe('steps between lists', () => {
  const list = (...keys: number[]) => rows({ messages: keys.map((seq) => message(seq)) });
  const shownAs = (keys: number[]) => {
    const now = list(...keys);
    return { wanted: now, rows: now, shift: false, epoch: 0 };
  };
  const keysOf = (shown: { rows: readonly Row[] }) => shown.rows.map((row) => row.message?.seq);

  it('prepending shifts', () => {
    const next = step(shownAs([3, 4]), list(1, 2, 3, 4));
    expect([keysOf(next), next.shift, next.epoch]).toEqual([[1, 2, 3, 4], true, 0]);
  });
  it('appending does not', () => {
    const next = step(shownAs([3, 4]), list(3, 4, 5));
    expect([keysOf(next), next.shift]).toEqual([[3, 4, 5], false]);
  });
  it('both at once take two steps: first the start, then the end', () => {
    const first = step(shownAs([3, 4]), list(1, 2, 3, 4, 5));
    expect([keysOf(first), first.shift]).toEqual([[1, 2, 3, 4], true]);
    const second = step(first, first.wanted);
    expect([keysOf(second), second.shift, second.epoch]).toEqual([[1, 2, 3, 4, 5], false, 0]);
  });
  it('a page before that pushes newer ones out takes two steps', () => {
    const first = step(shownAs([3, 4, 5]), list(1, 2, 3));
    expect([keysOf(first), first.shift]).toEqual([[1, 2, 3, 4, 5], true]);
    expect(keysOf(step(first, first.wanted))).toEqual([1, 2, 3]);
  });
  it('a page after that pushes older ones out takes two steps', () => {
    const first = step(shownAs([1, 2, 3]), list(3, 4, 5));
    expect([keysOf(first), first.shift]).toEqual([[3], true]);
    expect(keysOf(step(first, first.wanted))).toEqual([3, 4, 5]);
  });
  it('a list with nothing in common begins anew', () => {
    const next = step(shownAs([1, 2]), list(8, 9));
    expect([keysOf(next), next.shift, next.epoch]).toEqual([[8, 9], false, 1]);
  });
});
