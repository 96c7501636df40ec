import { expect, it } from 'vitest';
import { clamp } from './clamp.ts';

it('keeps a value between the ends', () => {
  expect(clamp(-1, 9)).toBe(0);
  expect(clamp(4, 9)).toBe(4);
  expect(clamp(10, 9)).toBe(9);
});
