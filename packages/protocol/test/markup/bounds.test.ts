import { hostileTexts } from '@lockstep/testing/fuzz/hostile';
import { sizeOf } from '@lockstep/testing/fuzz/markup-size';
import { describe, expect, it } from 'vitest';
import { Cost, MARKUP_BOUNDS } from '../../src/markup/bounds.ts';
import { parseMarkup } from '../../src/markup/index.ts';
import { infidelity } from './fidelity.ts';
import { show } from './show.ts';

describe('a text that is made to be endless', () => {
  it.each([
    ['quotes', '>'.repeat(2_500)],
    ['quotes with spaces', `${'> '.repeat(2_500)}x`],
    ['lists', `${'- '.repeat(1_300)}x`],
    ['numbers', `${'1. '.repeat(1_300)}x`],
    ['a table of 300 columns', `|${'a|'.repeat(300)}\n|${'-|'.repeat(300)}\n${'a\n'.repeat(3_200)}`],
    ['a table of 2,000 rows', `|a|b|\n|-|-|\n${'|a|b|\n'.repeat(2_000)}`],
    ['brackets', '['.repeat(8_000)],
    ['stars', '*'.repeat(8_000)],
    ['code', '`'.repeat(8_000)],
    ['openers', '**a '.repeat(2_000)],
  ])('of %s is shown as it was typed', (_, text) => expect(show(text).trimEnd()).toBe(text.trimEnd()));

  it('keeps its mentions, up to the bound, where it is too long', () => {
    const mention = '<@0192d3a0-0000-7000-8000-000000000001>';
    const kindsOf = (text: string) => {
      const { over, blocks } = parseMarkup(text.padEnd(MARKUP_BOUNDS.length + 1, ' x'));
      expect([over, blocks.length]).toEqual([true, 1]);
      return blocks.flatMap((block) =>
        block.type === 'paragraph' ? block.children.map(({ type }) => type) : [],
      );
    };
    expect(kindsOf(`**a** ${mention}${mention} b \\${mention} ${mention}`)).toEqual([
      ...['text', 'mention', 'mention', 'text', 'text', 'mention', 'text'],
    ]);
    const many = kindsOf(mention.repeat(MARKUP_BOUNDS.nodes + 10));
    expect(many).toHaveLength(MARKUP_BOUNDS.nodes + 2);
  });

  it('has no more elements and no deeper ones than the bounds allow, at any length', () => {
    for (const { name, text } of hostileTexts())
      for (const length of [50, 500, 8_000]) {
        const cut = text.slice(0, length);
        const markup = parseMarkup(cut);
        expect(infidelity(cut, markup), name).toBeNull();
        if (markup.over && cut.includes('<@')) continue;
        const { nodes, depth } = sizeOf(markup.blocks);
        expect(nodes, name).toBeLessThanOrEqual(MARKUP_BOUNDS.nodes + MARKUP_BOUNDS.cells);
        // A list is in an item is in a list; words stand in a block.
        expect(depth, name).toBeLessThanOrEqual(2 * MARKUP_BOUNDS.depth + MARKUP_BOUNDS.inlineDepth + 2);
      }
  });

  it('costs at most so many steps for each of its characters', () => {
    const cost = new Cost(1_000);
    expect(cost.steps).toBe(1_000 * MARKUP_BOUNDS.stepsPerCharacter);
    expect(() => cost.spend(cost.steps + 1)).toThrow();
    // Each line looks for the end of its fence to the end of the text.
    const text = '~~~ a\nb\n'.repeat(1_000);
    expect(parseMarkup(text)).toMatchObject({ over: true });
    expect(show(text).trimEnd()).toBe(text.trimEnd());
  });
});
