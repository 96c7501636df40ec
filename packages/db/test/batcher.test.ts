import { describe, expect, it } from 'vitest';
import { Batcher, type Pending } from '../src/timeline/batcher.ts';

const item = (input: string): Pending<string, void> => ({
  input,
  until: Number.POSITIVE_INFINITY,
  attempts: 0,
  contended: false,
  resolve: () => {},
  reject: () => {},
});

const batcherOf = (...words: string[]) => {
  const batcher = new Batcher<string, void>();
  for (const word of words) batcher.add(word[0] as string, item(word));
  return batcher;
};
const words = (batch: Map<string, Pending<string, void>[]>) =>
  [...batch.values()].map((items) => items.map((one) => one.input).join(' '));

describe('batcher', () => {
  it('has at most one batch of a conversation under way', () => {
    const batcher = batcherOf('a1', 'b1');
    const batch = batcher.take(10);
    batcher.add('a', item('a2'));
    batcher.add('c', item('c1'));
    expect(words(batcher.take(10))).toEqual(['c1']);
    expect(batcher.hasReady).toBe(false);
    batcher.done(batch, new Map());
    expect(words(batcher.take(10))).toEqual(['a2']);
  });

  it('lets conversations take turns where one has more than a batch to say', () => {
    const batcher = batcherOf('a1', 'a2', 'a3', 'b1');
    const first = batcher.take(2);
    expect(words(first)).toEqual(['a1 a2']);
    batcher.done(first, new Map());
    expect(words(batcher.take(2))).toEqual(['b1', 'a3']);
  });

  it('puts what has to be sent again before what came later, in order', () => {
    const batcher = batcherOf('a1', 'a2');
    const batch = batcher.take(10);
    batcher.add('a', item('a3'));
    expect(batcher.waiting).toBe(1);
    batcher.done(batch, new Map(batch));
    expect(batcher.waiting).toBe(3);
    const again = batcher.take(10);
    expect(words(again)).toEqual(['a1 a2 a3']);
    expect(batcher.empty).toBe(false);
    batcher.done(again, new Map());
    expect([batcher.empty, batcher.waiting]).toEqual([true, 0]);
  });
});
