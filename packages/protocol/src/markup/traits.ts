import { looksLikeCode } from './code-like.ts';
import type { Block, Inline } from './nodes.ts';
import { parseMarkup } from './parse.ts';

const MAY_HAVE_CODE = /`|~~~|\n|^(?: {4}|\t)/;
const INDENTED = /^(?: {4}|\t)\s*\S/;

/** Whether a text has code in it: in backticks, behind a fence, indented by four, or pasted without any of these. */
export const hasCode = (text: string): boolean => {
  if (!MAY_HAVE_CODE.test(text)) return false;
  if (/[`~]/.test(text) && parseMarkup(text).blocks.some(isCode)) return true;
  // Lines between empty ones, all of them indented; or that look like code by themselves.
  return text.split(/\n[ \t]*\n/).some((chunk) => {
    const lines = chunk.split('\n').filter((line) => /\S/.test(line));
    return lines.length > 0 && (lines.every((line) => INDENTED.test(line)) || looksLikeCode(lines));
  });
};

const isCode = (block: Block): boolean => {
  switch (block.type) {
    case 'codeBlock':
      return true;
    case 'quote':
      return block.blocks.some(isCode);
    case 'list':
      return block.items.some((item) => item.blocks.some(isCode));
    case 'table':
      return block.rows.some((row) => row.some((cell) => cell.some(hasSpan)));
    case 'rule':
      return false;
    default:
      return block.children.some(hasSpan);
  }
};

const hasSpan = (node: Inline): boolean =>
  node.type === 'code' || ('children' in node && node.children.some(hasSpan));
