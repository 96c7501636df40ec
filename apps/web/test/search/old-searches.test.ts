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
  const told: unknown[] = [];
  const one = {
    getState: () => ({ me: { userId } }),
    applySearches: (searches: unknown) => told.push(searches),
    changeSearches: (change: unknown) => told.push(change),
    flush: async () => told.push('flush'),
  } as unknown as Engine;
  return { one, told };
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
  const { one, told } = engine();
  await adoptOldSearches(one);
  const changes = [{ do: 'save', text: 'rope', name: 'Rigging' }, { do: 'forget' }];
  expect(told).toEqual([SEARCHES, ...changes, 'flush']);
  expect(localStorage.getItem('lockstep.searches')).toBeNull();
  await adoptOldSearches(one);
  expect(told).toHaveLength(4);
});

it('takes nothing of somebody else, and nothing that makes no sense', async () => {
  const { one, told } = engine('ben');
  for (const text of [JSON.stringify(kept), '{"userId":"ben"}', 'no JSON', 'null']) {
    localStorage.setItem('lockstep.searches', text);
    await adoptOldSearches(one);
  }
  expect(told).toEqual([]);
});
