import { isVisible } from '@lockstep/protocol';
import { MARKUP_BOUNDS, parseMarkup, type ReadingOptions, readingOf } from '@lockstep/protocol/markup';
import { infidelity } from '../../../protocol/test/markup/fidelity.ts';
import { sizeOf } from './markup-size.ts';
import { type FuzzTarget, fail } from './target.ts';
import { anyText } from './texts.ts';

interface Input {
  text: string;
}

const READINGS: ReadingOptions[] = [{}, { addresses: 'behind' }, { addresses: 'last' }, { entities: true }];

/**
 * What is shown of a message are slices of what was typed, in its order, with only signs of formatting between; it has no
 * more elements than the bounds allow; and the plain reading knows where each of its letters was typed.
 */
export const target: FuzzTarget<Input> = {
  name: 'markup',
  generate: (random) => ({ text: anyText(random) }),
  run: ({ text }) => {
    const markup = parseMarkup(text);
    const wrong = infidelity(text, markup);
    if (wrong) fail('shows something else than was typed', wrong);
    if (!markup.over) {
      const { nodes, depth } = sizeOf(markup.blocks);
      if (nodes > MARKUP_BOUNDS.nodes + MARKUP_BOUNDS.cells) fail('too many elements', `${nodes}`);
      const deepest = 2 * MARKUP_BOUNDS.depth + MARKUP_BOUNDS.inlineDepth + 2;
      if (depth > deepest) fail('elements stand too deep', `${depth}`);
    }
    if (isVisible(text) && markup.blocks.length === 0) fail('a text that can be seen is shown', 'nothing is');
    for (const options of READINGS) checkReading(text, options);
  },
};

const checkReading = (text: string, options: ReadingOptions): void => {
  const reading = readingOf(text, options);
  let end = 0;
  for (const { at, length, from, to } of reading.pieces) {
    const input = JSON.stringify({ ...options, at, length, from, to });
    if (at < end || at + length > reading.text.length || from > to || to > text.length)
      fail('pieces of the reading are in order and inside', input);
    end = at + length;
    if (length !== to - from) continue;
    if (reading.text.slice(at, end) !== text.slice(from, to)) fail('a piece of the reading was typed', input);
    const typed = reading.typed(at, end);
    if (length > 0 && (typed[0] !== from || typed[1] !== to))
      fail('the reading knows where it was typed', input);
  }
};
