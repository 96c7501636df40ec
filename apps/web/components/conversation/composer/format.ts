import type { Field, Replacement } from './field.ts';
import { toggleMark } from './toggle-mark.ts';

/** Code: a fence where several lines are selected, backticks otherwise; as many as it takes. */
export const toggleCode = (field: Field): Replacement => {
  const { text, start, end } = field;
  const selected = text.slice(start, end);
  const runs = selected.match(/`+/g)?.map((run) => run.length) ?? [];
  if (!selected.includes('\n')) {
    if (runs.length === 0 || selected.startsWith('`')) return toggleMark(field, '`');
    const ticks = '`'.repeat(Math.max(...runs) + 1);
    const open = `${ticks} `;
    return {
      from: start,
      to: end,
      insert: `${open}${selected} ${ticks}`,
      start: start + open.length,
      end: end + open.length,
    };
  }
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run + 1)));
  const before = start > 0 && text[start - 1] !== '\n' ? '\n' : '';
  const after = end < text.length && text[end] !== '\n' ? '\n' : '';
  const open = `${before}${fence}\n`;
  return {
    from: start,
    to: end,
    insert: `${open}${selected.replace(/\n$/, '')}\n${fence}${after}`,
    start: start + open.length,
    end: start + open.length + selected.replace(/\n$/, '').length,
  };
};

/** Begins every selected line with the prefix, or takes it from all where all have it. */
export const togglePrefix = ({ text, start, end }: Field, prefix: string): Replacement => {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const all = lines.every((line) => line.startsWith(prefix));
  const insert = lines.map((line) => (all ? line.slice(prefix.length) : prefix + line)).join('\n');
  const first = all ? -prefix.length : prefix.length;
  const total = first * lines.length;
  return { from, to, insert, start: Math.max(from, start + first), end: Math.max(from, end + total) };
};

/** `[selected](https://)` with the address selected. */
export const insertLink = ({ text, start, end }: Field): Replacement => {
  const label = text.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/i.test(label);
  const address = isAddress ? label : 'https://';
  const insert = isAddress ? `[](${address})` : `[${label}](${address})`;
  if (isAddress || label === '') return { from: start, to: end, insert, start: start + 1, end: start + 1 };
  const at = start + label.length + 3;
  return { from: start, to: end, insert, start: at, end: at + address.length };
};

/** What is sent for what was typed: no NUL or halves of surrogate pairs, which the server refuses, no space at the end. */
export const outgoing = (text: string): string =>
  text
    .replaceAll('\u0000', '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .trimEnd();
