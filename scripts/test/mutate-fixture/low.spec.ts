import { expect, it } from 'vitest';
import { clamp } from './clamp.ts';

it('keeps a value above nothing', () => {
  expect(clamp(-1, 9)).toBe(0);
});
