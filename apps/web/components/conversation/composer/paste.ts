import { isInFence } from './enter.ts';
import type { Field } from './field.ts';

const ADDRESS = /^https?:\/\/[^\s<>]+$/i;

/**
 * The link for an address pasted over selected words: `[words](address)`. Null if it is pasted unchanged: into code,
 * over another address, over nothing, or over text that cannot be the text of a link.
 */
export const linkOver = ({ text, start, end }: Field, pasted: string): string | null => {
  const address = pasted.trim();
  const words = text.slice(start, end);
  if (!ADDRESS.test(address) || words.trim() === '' || /[[\]\n`]/.test(words) || ADDRESS.test(words.trim()))
    return null;
  if (isInFence(text, start) || text[start - 1] === '`') return null;
  const inner = words.trim();
  const [before = '', after = ''] = [/^\s*/.exec(words)?.[0], /\s*$/.exec(words)?.[0]];
  // Brackets would end the link too early.
  const safe = address.replaceAll('(', '%28').replaceAll(')', '%29');
  return `${before}[${inner}](${safe})${after}`;
};
