import { expect, test } from 'vitest';
import { PasswordQueue } from '../src/passwords/queue.ts';

/** Work that ends when it is told to. */
const gate = () => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a limited number run at once, the others wait for their turn', async () => {
  const queue = new PasswordQueue(2);
  const { open, opened } = gate();
  let running = 0;
  let most = 0;
  const all = Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      queue.inTurn('office', async () => {
        most = Math.max(most, ++running);
        await opened;
        running--;
        return n;
      }),
    ),
  );
  await settle();
  expect(running).toBe(2);
  open();
  expect(await all).toEqual(Array.from({ length: 60 }, (_, n) => n));
  expect(most).toBe(2);
});

test('who asks a thousand times holds up others by one turn', async () => {
  const queue = new PasswordQueue(1);
  const { open, opened } = gate();
  const order: string[] = [];
  const ask = (key: string) => queue.inTurn(key, async () => void order.push(key));
  const first = queue.inTurn('flood', () => opened);
  const floods = Array.from({ length: 300 }, () => ask('flood'));
  const others = ['ann', 'ben', 'cyd'].map(ask);
  open();
  await Promise.all([first, ...floods, ...others]);
  expect(order.slice(0, 4)).toEqual(['flood', 'ann', 'ben', 'cyd']);
});

test('a full queue refuses with retryAfterMs, other keys still get in, and a failure frees its slot', async () => {
  const queue = new PasswordQueue(1);
  const { open, opened } = gate();
  const held = queue.inTurn('flood', () => opened);
  const waiting = Array.from({ length: 500 }, () => queue.inTurn('flood', async () => 1));
  await expect(queue.inTurn('flood', async () => 1)).rejects.toMatchObject({
    code: 'rate_limited',
    data: { retryAfterMs: expect.any(Number) },
  });
  const other = queue.inTurn('ann', async () => {
    throw new Error('broke');
  });
  open();
  await held;
  await expect(other).rejects.toThrow('broke');
  expect(await Promise.all(waiting)).toHaveLength(500);
  expect(await queue.inTurn('flood', async () => 2)).toBe(2);
});
