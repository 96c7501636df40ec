import type { SearchHit } from '@lockstep/protocol';
import { sampleMessage } from '@lockstep/testing/samples';
import { expect, test } from 'vitest';
import { groupHits } from '../../lib/search/group-hits.ts';

/** `a3`: message 3 of conversation a. */
const hit = (name: string): SearchHit => ({
  message: sampleMessage(Number(name.slice(1)), { conversationId: name[0] as string }),
  marks: [],
});

const shown = (pages: readonly string[][]): string => {
  const all = pages.map((page) => page.map(hit));
  return groupHits(all.flat(), (one) => all.findIndex((page) => page.includes(one)))
    .map((item) =>
      'heading' in item ? `${item.heading}:` : `${item.hit.message.conversationId}${item.hit.message.seq}`,
    )
    .join(' ');
};

test('hits stand below their conversation', () => {
  expect(shown([['a9', 'b5', 'a8', 'c1', 'b4']])).toBe('a: a9 a8 b: b5 b4 c: c1');
  expect(shown([])).toBe('');
});

test('a further page changes nothing of what is shown: it goes on with the last group, then begins others', () => {
  const first = ['a9', 'b5', 'a8'];
  const second = ['a7', 'b4', 'c1', 'b3'];
  expect(shown([first, second])).toBe('a: a9 a8 b: b5 b4 b3 a: a7 c: c1');
  expect(shown([first, second]).startsWith(shown([first]))).toBe(true);
});
