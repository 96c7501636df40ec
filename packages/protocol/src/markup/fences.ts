import { isVisible } from '../visible.ts';
import type { Cost } from './bounds.ts';
import type { Lines } from './lines.ts';
import { indentLength, indentOf } from './lines.ts';
import type { CodeBlock, Range } from './nodes.ts';

const OPEN = /^[ \t]*(`{3,}|~{3,})([^\n]*)$/;
const LANGUAGE = /^[\w+#.-]{1,24}$/;

interface Found {
  block: Omit<CodeBlock, 'gap'>;
  /** The first line behind it. */
  next: number;
}

/**
 * Code between fences. A fence of backticks that is never closed goes to the end, as long as there is something in it; so
 * does one that is closed at the end of its last line.
 */
export const fenceAt = (lines: Lines, at: number, cost: Cost): Found | null => {
  const open = OPEN.exec(lines.line(at));
  const fence = open?.[1];
  if (!open || !fence) return null;
  const info = (open[2] ?? '').trim();
  const tilde = fence.startsWith('~');
  if (!tilde && info.includes('`')) return null;
  const named = info === '' || LANGUAGE.test(info);
  const close = new RegExp(`^[ \\t]*\\${fence[0]}{${fence.length},}[ \\t]*$`);
  let end = at + 1;
  while (end < lines.count && !close.test(lines.line(end))) end++;
  cost.spend((end - at) * 8);
  const closed = end < lines.count;
  if (!closed && (tilde || !named)) return null;

  const indent = indentOf(lines.line(at));
  const content: Range[] = [];
  // What stands behind the fence and is no name of a language is the first line of the code.
  if (!named) content.push(trimmed(lines, at));
  for (let i = at + 1; i < end; i++) {
    const { from, to } = lines.range(i);
    content.push({ from: from + indentLength(lines.line(i), indent), to });
  }
  if (!closed) closeAtEnd(lines, content, fence);
  if (!content.some(({ from, to }) => isVisible(lines.text.slice(from, to)))) return null;
  const language = named && info !== '' ? trimmed(lines, at) : null;
  cost.node();
  return { block: { type: 'codeBlock', language, lines: content }, next: closed ? end + 1 : end };
};

/** What stands behind the fence on its line. */
const trimmed = (lines: Lines, at: number): Range => {
  const line = lines.line(at);
  const { from } = lines.range(at);
  const open = /^[ \t]*(?:`+|~+)[ \t]*/.exec(line)?.[0].length ?? 0;
  return { from: from + open, to: from + line.trimEnd().length };
};

const closeAtEnd = (lines: Lines, content: Range[], fence: string): void => {
  for (let i = content.length - 1; i >= 0; i--) {
    const range = content[i] as Range;
    const line = lines.text.slice(range.from, range.to).trimEnd();
    if (line === '') continue;
    const end = line.length - fence.length;
    if (line.endsWith(fence) && line[end - 1] !== '`')
      content[i] = { from: range.from, to: range.from + end };
    return;
  }
};
