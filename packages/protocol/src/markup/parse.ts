import { MENTION_OR_ESCAPED } from '../mention.ts';
import { parseBlocks } from './blocks.ts';
import { Cost, MARKUP_BOUNDS, OverBounds } from './bounds.ts';
import { Lines } from './lines.ts';
import type { Block, Inline, Markup } from './nodes.ts';

/** The text as it was typed: with mentions, which nobody types as they are stored. */
const asTyped = (text: string, over: boolean): Markup => {
  const children: Inline[] = [];
  let from = 0;
  for (const { 0: found, 1: userId = '', index } of text.matchAll(MENTION_OR_ESCAPED)) {
    if (from < index) children.push({ type: 'text', from, to: index });
    const end = index + found.length;
    from = end;
    if (found.startsWith('\\')) from = index + 1;
    else children.push({ type: 'mention', from: index, to: end, userId });
    if (children.length > MARKUP_BOUNDS.nodes) break;
  }
  if (from < text.length) children.push({ type: 'text', from, to: text.length });
  return { blocks: [{ type: 'paragraph', gap: 0, children }], over };
};

/** Lines across and nothing else are a text of dashes. */
const hasWords = (blocks: readonly Block[]): boolean =>
  blocks.some((block) => (block.type === 'quote' ? hasWords(block.blocks) : block.type !== 'rule'));

/** What a text is shown as. Never throws, and takes time in proportion to the length of the text. */
export const parseMarkup = (text: string): Markup => {
  if (text.length > MARKUP_BOUNDS.length) return asTyped(text, true);
  try {
    const blocks = parseBlocks(Lines.of(text), new Cost(text.length));
    return hasWords(blocks) ? { blocks, over: false } : asTyped(text, false);
  } catch (error) {
    if (error instanceof OverBounds) return asTyped(text, true);
    throw error;
  }
};
