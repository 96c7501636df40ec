import { id } from '@lockstep/protocol';
import { expect, it } from 'vitest';
import { uuidv7 } from '../src/uuid.ts';

it('client ids are UUIDv7: valid, in the order of time, never the same', () => {
  const now = Date.UTC(2026, 0, 1);
  const ids = Array.from({ length: 1_000 }, (_, i) => uuidv7(now + i));
  expect(new Set(ids).size).toBe(1_000);
  expect([...ids].sort()).toEqual(ids);
  for (const value of ids) expect(id.parse(value)).toBe(value);
  expect(Number.parseInt((ids[0] as string).replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  expect(ids[0]?.[14]).toBe('7');
});
