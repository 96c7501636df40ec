import { isVisible } from '@lockstep/protocol';
import { type Block, type Inline, parseMarkup } from '@lockstep/protocol/markup';
import { randomOf } from '@lockstep/testing/fuzz/random';
import { anyText } from '@lockstep/testing/fuzz/texts';
import { expect, it } from 'vitest';
import conversation from '../../messages/en/conversation.json';
import { rendered, textIn } from './rendered.ts';

/** What the page has to say for a text, block after block: what is shown of it by packages/protocol, and no more. */
const shown = (text: string, blocks: readonly Block[]): string =>
  blocks.map((block) => ofBlock(text, block)).join('');

const ofBlock = (text: string, block: Block): string => {
  const slice = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return words(text, block.children);
    case 'quote':
      return shown(text, block.blocks);
    case 'list':
      return block.items
        .map(({ marker, box, blocks }) => {
          const sign = box ? '' : block.ordered ? `${slice(marker)} ` : '• ';
          return sign + shown(text, blocks);
        })
        .join('');
    case 'codeBlock':
      return (
        (block.language ? slice(block.language) : conversation.code.text) + block.lines.map(slice).join('\n')
      );
    case 'table':
      return block.rows.flatMap((row) => row.map((cell) => words(text, cell))).join('');
    case 'rule':
      return '';
  }
};

const words = (text: string, nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.type === 'mention') return '@…';
      return 'children' in node ? words(text, node.children) : text.slice(node.from, node.to);
    })
    .join('');

it('the page says all that a text says, character by character (packages/protocol/test/markup/fidelity.test.ts)', () => {
  for (let run = 1; run <= 1_000; run++) {
    const text = anyText(randomOf(3, 'rendered', run));
    if (!isVisible(text)) continue;
    expect(textIn(rendered(text)), `run ${run}: ${JSON.stringify(text)}`).toBe(
      shown(text, parseMarkup(text).blocks),
    );
  }
});
