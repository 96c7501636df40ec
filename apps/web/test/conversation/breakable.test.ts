import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { breakable } from '../../lib/breakable.tsx';
import { rendered, textIn } from './rendered.ts';

const html = (text: string) => renderToStaticMarkup(createElement('p', null, breakable(text))).slice(3, -4);
const characters = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

describe('thousands of characters without a place to break a line', () => {
  it.each(['，', '」', '\u102c', '🏻', 'ำ', '👨‍👩‍👧‍👦', '🇨🇭', 'a\u0301', 'ж', '，a'])(
    '%j are parted, and read as before',
    (unit) => {
      const text = unit.repeat(Math.floor(4_000 / unit.length));
      const pieces = html(text).split('<wbr/>');
      expect(pieces.join('')).toBe(text);
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(100);
      expect(textIn(rendered(text))).toBe(text);
    },
  );

  it.each(['👨‍👩‍👧‍👦', '🇨🇭', '👍🏽', 'a\u0301', '❤️'])('%j is never torn apart', (unit) => {
    const text = `，${unit.repeat(200)}`;
    for (const piece of html(text).split('<wbr/>'))
      for (const one of characters(piece)) expect(['，', unit]).toContain(one);
  });

  it.each([
    'word '.repeat(500),
    '中'.repeat(3_000),
    '我们，明天'.repeat(500),
    'a'.repeat(5_000),
    'привет, мир '.repeat(200),
  ])('%# is left as it is', (text) => expect(breakable(text)).toBe(text));
});
