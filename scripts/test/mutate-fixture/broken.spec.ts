import { expect, it } from 'vitest';
import { clamp } from './clamp.ts';

it('fails without any fault', () => {
  expect(clamp(4, 9)).toBe(5);
});
