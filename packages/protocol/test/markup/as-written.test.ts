import { mentionsIn } from '@lockstep/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asWritten, type Block, type Inline, parseMarkup, readingOf } from '../../src/markup/index.ts';
import { withNames } from '../../src/mention.ts';

const ID = '0192d3a0-0000-7000-8000-000000000001';
const shown = (text: string) => withNames(readingOf(text).text, () => '@Ann').replaceAll('\u2060', '');

/** What is in a line besides words and addresses that are shown. */
const formats = (text: string): string[] => {
  const inside = (nodes: readonly Inline[]): string[] =>
    nodes.flatMap((node) => {
      if (node.type === 'text') return [];
      if (node.type === 'link') return [...(node.address ? ['link'] : []), ...inside(node.children)];
      return [node.type, ...('children' in node ? inside(node.children) : [])];
    });
  return parseMarkup(text).blocks.flatMap((block: Block) =>
    block.type === 'paragraph' ? inside(block.children) : [block.type],
  );
};

describe('a line that is to be shown as it was written', () => {
  it.each([
    ['plain words, 2*3*4, a_b_c and C:\\new', 'plain words, 2*3*4, a_b_c and C:\\new'],
    [`ask <@${ID}>!`, `ask \\<@${ID}>!`],
    [`\\<@${ID}>`, `\\\\<@${ID}>`],
    [`<@${ID}><@${ID}>`, `\\<@${ID}>\\<@${ID}>`],
    ['*really* and _so_', '\\*really* and \\_so_'],
    ['**b** ~~s~~ `c`', '\\**b** \\~~s~~ \\`c`'],
    ['[here](https://evil.example)', '\\[here](https://evil.example)'],
    ['# rm -rf /', '\\# rm -rf /'],
    ['> quoted', '\\> quoted'],
    ['- item', '\\- item'],
    ['* item', '\\* item'],
    ['1. first', '1\\. first'],
    ['- [ ] to do', '\\- [ ] to do'],
    ['@everyone #general see https://a.example/b_c_d', '@everyone #general see https://a.example/b_c_d'],
    ['s/\\*a\\*/b/ \\*c\\*', 's/\\*a\\*/b/ \\\u2060*c\\\u2060*'],
  ])('%s', (line, stored) => {
    expect(asWritten(line)).toBe(stored);
    expect(shown(stored)).toBe(line);
    expect(formats(stored)).toEqual([]);
    expect(mentionsIn(stored)).toEqual([]);
  });

  it('is shown so, whatever is in it', () => {
    const pieces = fc.constantFrom(
      ...['*', '**', '_', '__', '~~', '`', '``', '```', '\\', '\\\\', '[', '](', ')', '!', '<', '>', '|'],
      ...['# ', '> ', '- ', '* ', '1. ', '12) ', '[x] ', '---', ' ', '  ', '\t', '.', ',', ':', '"'],
      ...[
        'a',
        'word',
        '大',
        '。',
        '3',
        'https://a.example/x',
        'www.a.example',
        'b@c.example',
        '👍',
        '\u0301',
      ],
      ...[`<@${ID}>`, '<@', '@ann', '#ubuntu', '=', '(', '&amp;'],
    );
    const line = fc.array(pieces, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(line, (text) => {
        const stored = asWritten(text) ?? '';
        expect(shown(stored)).toBe(text);
        expect(formats(stored)).toEqual([]);
        expect(mentionsIn(stored)).toEqual([]);
      }),
      { seed: 7, numRuns: 1_500 },
    );
  });
});

describe('a mention with a backslash in front', () => {
  it.each([
    ['one line', `a \\<@${ID}> b`, `a <@${ID}> b`],
    ['pasted code', `import x\nconst a = f(\\<@${ID}>);`, `import x\nconst a = f(<@${ID}>);`],
    ['a text of dashes', `\\<@${ID}>\n\n---`, `<@${ID}>\n\n---`],
    ['more than can be formatted', `\\<@${ID}> ${'*a '.repeat(20_000)}`, `<@${ID}> ${'*a '.repeat(20_000)}`],
    ['a list', `- \\<@${ID}>`, `- <@${ID}>`],
  ])('is none and reads as it was typed: %s', (_, text, read) => {
    expect(formats(text)).not.toContain('mention');
    expect(mentionsIn(text)).toEqual([]);
    expect(withNames(readingOf(text).text, () => '@Ann')).toBe(read);
  });
});
