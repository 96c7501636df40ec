import type { Budget } from '@lockstep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { Usages } from '../src/usage.ts';

let now: number;
let logged: { level: string; line: Record<string, unknown>; message: string }[];
let usages: Usages;
beforeEach(() => {
  now = 1_000;
  logged = [];
  const at = (level: string) => (line: object, message: string) =>
    // Written at once, as a log does.
    void logged.push({ level, line: structuredClone(line) as Record<string, unknown>, message });
  usages = new Usages({ info: at('info'), warn: at('warn') }, () => now);
});

/** What a call has used, as its budget says at the end. */
const spent = (loopMs: number, dbMs: number, statements: number, rows: number, isCut = false) =>
  ({ spent: { loopMs, dbMs, statements, rows }, isCut }) as unknown as Budget;

describe('what the calls of a procedure have used', () => {
  test('is added up, with the most of one call, by procedure', () => {
    usages.record('sync.inbox', 'ann', 5, spent(2, 3, 2, 10), null);
    usages.record('me.get', 'ann', 1, null, null);
    usages.record('sync.inbox', 'ben', 3, spent(1, 1, 1, 40), null);
    expect(Object.keys(usages.snapshot())).toEqual(['me.get', 'sync.inbox']);
    expect(usages.snapshot()['sync.inbox']).toEqual({
      ...{ calls: 2, cut: 0, tooCostly: 0, limited: 0 },
      ...{ ms: 8, maxMs: 5, loopMs: 3, maxLoopMs: 2, dbMs: 4, statements: 3 },
      ...{ rows: 50, maxRows: 40, bytes: 0, maxBytes: 0 },
    });
    expect(usages.snapshot()['me.get']).toMatchObject({ calls: 1, ms: 1, maxMs: 1, statements: 0, rows: 0 });
  });

  test('counts what was cut short, too costly and too often', () => {
    usages.record('search.messages', 'ann', 5, spent(1, 1, 1, 1, true), null);
    usages.record('search.messages', 'ann', 5, spent(1, 1, 1, 1), 'too_costly');
    usages.record('search.messages', 'ann', 0, null, 'rate_limited');
    usages.record('search.messages', 'ann', 0, null, 'internal');
    expect(usages.snapshot()['search.messages']).toMatchObject({
      ...{ calls: 4, cut: 1, tooCostly: 1, limited: 1 },
    });
  });

  test('has its share of the bytes of an answer; what was never called has none', () => {
    usages.record('me.get', 'ann', 1, null, null);
    usages.record('devices.list', 'ann', 1, null, null);
    usages.recordBytes(['me.get', 'devices.list'], 100);
    usages.recordBytes(['me.get'], 30);
    usages.recordBytes(['nothing.here'], 30);
    expect(usages.snapshot()['me.get']).toMatchObject({ bytes: 80, maxBytes: 50 });
    expect(usages.snapshot()['devices.list']).toMatchObject({ bytes: 50, maxBytes: 50 });
    expect(Object.keys(usages.snapshot())).toHaveLength(2);
  });
});

describe('the log', () => {
  test('has a call that was cut short or refused, of each procedure one in ten seconds', () => {
    const cut = (path: string) => usages.record(path, 'ann', 7.6, spent(1, 2, 3, 4, true), null);
    cut('sync.inbox');
    cut('sync.inbox');
    cut('search.messages');
    usages.record('me.get', 'ann', 1, spent(1, 1, 1, 1), null);
    expect(logged.map(({ level, line }) => [level, line.path])).toEqual([
      ['warn', 'sync.inbox'],
      ['warn', 'search.messages'],
    ]);
    expect(logged[0]?.line).toEqual({
      ...{ path: 'sync.inbox', userId: 'ann', ms: 8, loopMs: 1, dbMs: 2, statements: 3, rows: 4 },
    });
    now += 9_999;
    cut('sync.inbox');
    expect(logged).toHaveLength(2);
    now += 1;
    usages.record('sync.inbox', 'ann', 1, spent(1, 1, 1, 1), 'too_costly');
    expect(logged).toHaveLength(3);
  });

  test('has all of it every five minutes', () => {
    now += 5 * 60_000 - 1;
    usages.record('me.get', 'ann', 1, null, null);
    expect(logged).toEqual([]);
    now += 1;
    usages.record('me.get', 'ann', 1, null, null);
    usages.record('me.get', 'ann', 1, null, null);
    expect(logged.map(({ level }) => level)).toEqual(['info']);
    expect(logged[0]?.line).toEqual({
      loopDelayMs: { p99: expect.any(Number), max: expect.any(Number) },
      procedures: { 'me.get': expect.objectContaining({ calls: 2 }) },
    });
    now += 5 * 60_000;
    usages.record('me.get', 'ann', 1, null, null);
    expect(logged).toHaveLength(2);
  });
});
