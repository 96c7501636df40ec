import { expect, test } from 'vitest';
import { Bucket } from '../src/bucket.ts';

test('gives so many at once, then one each time its share of a second is over', () => {
  let now = 1_000;
  const bucket = new Bucket(2, 3, () => now);
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0]);
  expect(bucket.take()).toBe(500);
  now += 125;
  expect(bucket.take()).toBe(375);
  now += 250;
  expect(bucket.take()).toBe(125);
  now += 125;
  expect([bucket.take(), bucket.take()]).toEqual([0, 500]);
});

test('is full after a while, and never more than full', () => {
  let now = 0;
  const bucket = new Bucket(4, 3, () => now);
  expect(bucket.isFull()).toBe(true);
  bucket.take();
  now += 249;
  expect(bucket.isFull()).toBe(false);
  now += 1;
  expect(bucket.isFull()).toBe(true);
  now += 3_600_000;
  expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([0, 0, 0, 250]);
});
