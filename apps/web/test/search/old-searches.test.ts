import type { Engine } from '@lockstep/sync';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { adoptOldSearches } from '../../lib/sync/old-searches.ts';
import { memoryStorage } from '../pwa/memory-storage.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', memoryStorage());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Notes what it is told, in order. */
const engine = (userId = 'ann') => {
  const reported: unknown[] = [];
  const one = {
    getState: () => ({ me: { userId } }),
    applySearches: (searches: unknown) => reported.push(searches),
    changeSearches: (change: unknown) => reported.push(change),
    flush: async () => reported.push('flush'),
  } as unknown as Engine;
  return { one, reported };
};

const SEARCHES = [{ text: 'rope', name: null, usedAt: 5, savedAt: null }];
/** As the earlier version wrote it. */
const kept = {
  userId: 'ann',
  searches: SEARCHES,
  pending: [
    { do: 'save', text: 'rope', name: 'Rigging', id: '1-2', at: 7 },
    { do: 'forget', id: '3-4', at: 8 },
  ],
};

it('hands over what was kept and what was not sent, and leaves nothing behind', async () => {
  localStorage.setItem('lockstep.searches', JSON.stringify(kept));
  const { one, reported } = engine();
  await adoptOldSearches(one);
  const changes = [{ do: 'save', text: 'rope', name: 'Rigging' }, { do: 'forget' }];
  expect(reported).toEqual([SEARCHES, ...changes, 'flush']);
  expect(localStorage.getItem('lockstep.searches')).toBeNull();
  await adoptOldSearches(one);
  expect(reported).toHaveLength(4);
});

it('takes nothing of somebody else, and nothing that makes no sense', async () => {
  const { one, reported } = engine('ben');
  for (const text of [JSON.stringify(kept), '{"userId":"ben"}', 'no JSON', 'null']) {
    localStorage.setItem('lockstep.searches', text);
    await adoptOldSearches(one);
  }
  expect(reported).toEqual([]);
});
