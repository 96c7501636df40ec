import { expect, it } from 'vitest';
import { reachNote } from '../../lib/search/reach-note.ts';

const reach = { complete: true, away: false, cut: false };

it.each([
  ['everything was looked at', {}, null],
  ['the index is away, and the messages themselves were read', { away: true }, 'indexAway'],
  ['the index is still being filled', { complete: false }, 'incomplete'],
  [
    'the index is away, and there are too many messages',
    { away: true, complete: false },
    'indexAwayIncomplete',
  ],
  ['it would have taken too long', { cut: true }, 'cutShort'],
  ['it would have taken too long without the index', { cut: true, away: true, complete: false }, 'cutShort'],
])('%s: says %j as %s', (_, change, note) => {
  expect(reachNote({ ...reach, ...change } as Parameters<typeof reachNote>[0])).toBe(note);
});
