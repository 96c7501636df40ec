/** Code, in which nothing else is a sign: fences with their language, and spans. */
const CODE = /```[\w+-]*(?:\r?\n)?([\s\S]*?)(?:```|$)|(`+)(?!`)(.+?)\2(?!`)/g;
/** What comes before and after a text of one kind; the text is the group `text`. */
const SIGNS = [
  /!?\[(?<text>[^\]\n]*)\]\([^)\s]*(?: "[^"\n]*")?\)/g,
  /(?:^|\n)[ \t]{0,3}(?:(?:>|#{1,6}|[-*+]|\d{1,9}[.)])[ \t]+)+(?<text>)/g,
  /\*\*(?=\S)(?<text>.+?)(?<=\S)\*\*/g,
  /(?<![\p{L}\p{N}_])__(?=\S)(?<text>.+?)(?<=\S)__(?![\p{L}\p{N}_])/gu,
  /~~(?=\S)(?<text>.+?)(?<=\S)~~/g,
  /(?<![*\p{L}\p{N}])\*(?=[^\s*])(?<text>[^*\n]+?)(?<=[^\s*])\*(?![*\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}_])_(?=[^\s_])(?<text>[^_\n]+?)(?<=[^\s_])_(?![\p{L}\p{N}_])/gu,
];

export type Span = readonly [from: number, to: number];

/**
 * Where the signs of markdown stand in a text: without them it reads as a line. In UTF-16 units, end exclusive,
 * ascending, not overlapping. A rough reading: for lists of messages, where parsing each would take too long.
 */
export const markupIn = (text: string): Span[] => {
  if (!/[*_~`[>#+-]|\d[.)]/.test(text)) return [];
  const code: Span[] = [];
  const signs: Span[] = [];
  for (const match of text.matchAll(CODE)) {
    const inner = match[1] ?? match[3] ?? '';
    const from = match.index + match[0].indexOf(inner, match[2]?.length ?? 3);
    const end = match.index + match[0].length;
    code.push([match.index, end]);
    signs.push([match.index, from], [from + inner.length, end]);
  }
  // One kind after the other, so that a text may be of two: each leaves out what is a sign already.
  for (const kind of SIGNS)
    for (const match of text.matchAll(kind)) {
      const end = match.index + match[0].length;
      if (code.some(([from, to]) => match.index < to && end > from && !(match.index < from && end > to)))
        continue;
      const inner = match.groups?.text ?? '';
      const at =
        inner === '' ? end : match.index + match[0].indexOf(inner, match[0].startsWith('![') ? 2 : 1);
      const start = match[0].startsWith('\n') ? match.index + 1 : match.index;
      signs.push([start, at], [at + inner.length, end]);
    }
  return joined(signs.filter(([from, to]) => from < to));
};

/** The text without them. */
export const withoutMarkup = (text: string): string => {
  let plain = '';
  let at = 0;
  for (const [from, to] of markupIn(text)) {
    plain += text.slice(at, from);
    at = to;
  }
  return plain + text.slice(at);
};

/** Those that overlap or touch as one. */
const joined = (spans: Span[]): Span[] => {
  const result: Span[] = [];
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
};
