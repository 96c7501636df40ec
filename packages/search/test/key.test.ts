import { expect, it } from 'vitest';
import { type Key, newestFirst } from '../src/query/key.ts';

const key = (at: number, conversationId: string, seq: number): Key => ({ at, conversationId, seq });

it('the newest is first; of one moment the greater conversation, and in it the later message', () => {
  const inOrder = [
    key(9, 'a', 1),
    key(5, 'c', 1),
    key(5, 'b', 3),
    key(5, 'b', 2),
    key(5, 'a', 9),
    key(1, 'z', 9),
  ];
  for (const [i, a] of inOrder.entries())
    for (const [j, b] of inOrder.entries()) expect(Math.sign(newestFirst(a, b))).toBe(Math.sign(i - j));
  expect([...inOrder].reverse().sort(newestFirst)).toEqual(inOrder);
});
