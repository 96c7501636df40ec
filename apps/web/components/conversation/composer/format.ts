/** A text field at one moment: its text and what is selected. */
export interface Field {
  text: string;
  start: number;
  end: number;
}

/** What to put where, and what to select afterwards. */
export interface Replacement {
  from: number;
  to: number;
  insert: string;
  start: number;
  end: number;
}

/** Puts a mark on both sides of the selection, or takes it away where it stands already. */
export const toggleMark = ({ text, start, end }: Field, mark: string): Replacement => {
  const n = mark.length;
  const selected = text.slice(start, end);
  if (text.slice(start - n, start) === mark && text.slice(end, end + n) === mark) {
    return { from: start - n, to: end + n, insert: selected, start: start - n, end: end - n };
  }
  if (selected.length >= 2 * n && selected.startsWith(mark) && selected.endsWith(mark)) {
    const inner = selected.slice(n, -n);
    return { from: start, to: end, insert: inner, start, end: start + inner.length };
  }
  return { from: start, to: end, insert: mark + selected + mark, start: start + n, end: end + n };
};

/** Code: a fence where several lines are selected, backticks otherwise. */
export const toggleCode = (field: Field): Replacement => {
  const { text, start, end } = field;
  const selected = text.slice(start, end);
  if (!selected.includes('\n')) return toggleMark(field, '`');
  const before = start > 0 && text[start - 1] !== '\n' ? '\n' : '';
  const after = end < text.length && text[end] !== '\n' ? '\n' : '';
  const open = `${before}\`\`\`\n`;
  return {
    from: start,
    to: end,
    insert: `${open}${selected.replace(/\n$/, '')}\n\`\`\`${after}`,
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
