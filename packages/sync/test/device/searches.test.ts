import { LockstepError, type SavedSearch } from '@lockstep/protocol';
import { beforeEach, expect, it } from 'vitest';
import type { SearchChange } from '../../src/pending/command.ts';
import type { SearchesApi } from '../../src/ports.ts';
import { boot, clock, disk, ownDisk, settle } from './boot.ts';

ownDisk();

/** The server, as far as this needs it. */
let kept: Map<string, SavedSearch>;
let reported: SearchChange[];
let away: boolean;
let refuses: (change: SearchChange) => boolean;

const api: SearchesApi = {
  list: async () => {
    if (away) throw new TypeError('fetch failed');
    return [...kept.values()];
  },
  change: async (change) => {
    if (away) throw new TypeError('fetch failed');
    if (refuses(change)) throw new LockstepError('limit_reached');
    reported.push(change);
    if (change.do === 'save')
      kept.set(change.text, { text: change.text, name: change.name, usedAt: null, savedAt: clock.now() });
    else if (change.do === 'unsave') kept.delete(change.text);
    return [...kept.values()];
  },
};

beforeEach(() => {
  kept = new Map();
  reported = [];
  away = false;
  refuses = () => false;
});

const device = (up = true) => boot(up, undefined, { searches: api });
const saved = ({ engine }: ReturnType<typeof device>) =>
  engine.getState().searches.saved.map(({ text, name }) => [text, name]);

it('are shown at once, survive a crash offline, and are sent in their order', async () => {
  kept.set('rope', { text: 'rope', name: null, usedAt: 5, savedAt: null });
  const first = device();
  await settle();
  expect(first.engine.getState().searches.recent).toMatchObject([{ text: 'rope' }]);
  await first.engine.flush();
  first.offline();
  away = true;
  first.engine.changeSearches({ do: 'save', text: 'tea', name: null });
  first.engine.changeSearches({ do: 'save', text: 'tea', name: 'Tea' });
  first.engine.changeSearches({ do: 'forget' });
  expect(saved(first)).toEqual([['tea', 'Tea']]);
  await first.engine.flush();
  first.crash();

  const next = device(false);
  await clock.advance(100);
  expect(saved(next)).toEqual([['tea', 'Tea']]);
  expect(next.engine.getState().searches.recent).toEqual([]);
  away = false;
  next.online();
  await settle();
  expect(reported.map((change) => change.do)).toEqual(['save', 'save', 'forget']);
  expect(saved(next)).toEqual([['tea', 'Tea']]);
  await next.engine.flush();
  expect(disk.commands.size).toBe(0);
  expect(disk.searches).toEqual([...kept.values()]);
});

it('a refused search is not shown as saved, and is kept until the user has seen the error', async () => {
  refuses = (change) => change.do === 'save';
  const one = device();
  await settle();
  one.engine.changeSearches({ do: 'save', text: 'tea', name: null });
  one.engine.changeSearches({ do: 'note', text: 'rope' });
  await settle();
  expect(saved(one)).toEqual([]);
  expect(reported.map((change) => change.do)).toEqual(['note']);
  const [refused] = [...one.engine.getState().commands.values()];
  expect(refused).toMatchObject({ name: 'search', state: 'failed', error: 'limit_reached' });
  one.engine.discard(refused?.id ?? '');
  await one.engine.flush();
  expect(disk.commands.size).toBe(0);
});

it('searches stored by an earlier version are shown until the server has returned its own', async () => {
  away = true;
  const one = device(false);
  one.engine.applySearches([{ text: 'old', name: 'Old', usedAt: null, savedAt: 1 }]);
  await settle();
  expect(saved(one)).toEqual([['old', 'Old']]);
  await one.engine.flush();
  one.crash();
  const next = device(false);
  await clock.advance(100);
  expect(saved(next)).toEqual([['old', 'Old']]);
  kept.set('new', { text: 'new', name: null, usedAt: null, savedAt: 2 });
  away = false;
  next.online();
  await settle();
  expect(saved(next)).toEqual([['new', null]]);
});
