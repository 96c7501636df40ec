import { expect, it } from 'vitest';
import { type LinkNode, parseMarkup } from '../../src/markup/index.ts';

/** Where each link of a paragraph leads, with the text that is shown. */
const linksOf = (text: string) => {
  const [block] = parseMarkup(text).blocks;
  if (block?.type !== 'paragraph') throw new Error('no paragraph');
  return block.children
    .filter((node): node is LinkNode => node.type === 'link')
    .map(({ href, address, children }) => [
      href,
      children.map((node) => ('from' in node ? text.slice(node.from, node.to) : '')).join(''),
      address && text.slice(address.from, address.to),
    ]);
};

it.each([
  ['see https://a.example/x now', [['https://a.example/x', 'https://a.example/x', null]]],
  ['[words](https://a.example/x)', [['https://a.example/x', 'words', 'https://a.example/x']]],
  // A bracket that leads nowhere is text of the link around it.
  ['[x [a](bad)](https://a.example)', [['https://a.example/', 'x [a](bad)', 'https://a.example']]],
  // An address ends with the sentence, and keeps the brackets that it has opened itself.
  ...['/(b)', '/(b)(c)', '/[b]', '/{b}', '/a(b', '/((b))'].flatMap((path) =>
    [')', '),', ']', '}', '))', '."', '!?', "'"].map((end): [string, unknown[]] => [
      `see https://a.example${path === '/a(b' ? '/ab' : path}${end}`,
      [[expect.any(String), `https://a.example${path === '/a(b' ? '/ab' : path}`, null]],
    ]),
  ),
  ['https://a.example/a(b) c', [[expect.any(String), 'https://a.example/a(b)', null]]],
  ['https://a.example/a(b', [[expect.any(String), 'https://a.example/a(b', null]]],
  ['[a](bad) [b](https://a.example)', [['https://a.example/', 'b', 'https://a.example']]],
])('%j leads to', (text, links) => expect(linksOf(text)).toEqual(links));
