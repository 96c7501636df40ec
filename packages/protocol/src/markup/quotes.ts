import { isVisible } from '../visible.ts';
import type { Cost } from './bounds.ts';
import type { Lines, ParseInside } from './lines.ts';
import type { Quote } from './nodes.ts';

const LINE = /^ {0,3}>/;
/** A first level with words in it: not `>words`, `>_<` or the prompt `>>> `. */
const WORDS = /^ {0,3}>[ \t]+(?![>\s])/;

/** Lines that begin with `>`, one of them at the first level with words in it. A quote ends with its last such line. */
export const quoteAt = (
  lines: Lines,
  at: number,
  cost: Cost,
  depth: number,
  parse: ParseInside,
): { block: Omit<Quote, 'gap'>; next: number } | null => {
  if (!/^ {0,3}>[>\s]|^ {0,3}>$/.test(lines.line(at))) return null;
  let next = at;
  let reported = false;
  for (; next < lines.count && LINE.test(lines.line(next)); next++)
    reported ||= WORDS.test(lines.line(next)) && isVisible(lines.line(next).replace('>', ''));
  cost.spend((next - at) * 8);
  if (!reported) return null;
  cost.node();
  const inner = lines.cut(at, next, (line) => /^ {0,3}>[ \t]?/.exec(line)?.[0].length ?? 0);
  return { block: { type: 'quote', blocks: parse(inner, depth + 1) }, next };
};
