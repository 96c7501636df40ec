import { MENTION_SIGNS } from '../mention.ts';
import type { Inline, Range } from './nodes.ts';
import { parseMarkup } from './parse.ts';

/** Without any of these a line reads as it was written. */
const SIGNS = /[*_~`<\\]|\]\(|^[ \t]*(?:[>#-]|\d{1,9}[.)][ \t])/;
/** So many formattings of one line are escaped; each is looked for again, since one may have hidden another. */
const MAX_ESCAPES = 200;
/** U+2060 shows nothing, and parts a backslash from the sign behind it, so that it is a backslash. */
const BACKSLASH = '\\';
const WORD_JOINER = '\u2060';

/**
 * A line from elsewhere, such as of a log, as it has to be stored to be shown as it was written: with a backslash before
 * what would have formatted, and before mentions. Addresses still become links, which changes nothing about how they
 * read. `line` is without line breaks. Null where it formats in more places than can be escaped: a part of it can.
 */
export const asWritten = (line: string): string | null => {
  if (!SIGNS.test(line)) return line;
  let text = line.replace(MENTION_SIGNS, `${BACKSLASH}$&`);
  /** Where the backslashes stand that were put in. */
  let own = new Set(Array.from(text.matchAll(MENTION_SIGNS), ({ index }) => index - 1));
  for (let n = 0; n < MAX_ESCAPES; n++) {
    const changes = changesOf(text, own);
    if (changes.length === 0) return text;
    [text, own] = changed(text, own, changes);
  }
  return null;
};

interface Change {
  at: number;
  insert: string;
  /** How many characters it replaces. */
  over: number;
}
const escapeAt = (at: number): Change => ({ at, insert: BACKSLASH, over: 0 });

/** The text and the places of our backslashes after some changes, which are ascending. */
const changed = (
  text: string,
  own: ReadonlySet<number>,
  changes: readonly Change[],
): [string, Set<number>] => {
  let result = '';
  const places = new Set<number>();
  let from = 0;
  const copy = (to: number) => {
    for (; from < to; from++) {
      if (own.has(from)) places.add(result.length);
      result += text.charAt(from);
    }
  };
  for (const { at, insert, over } of changes) {
    copy(at);
    if (insert === BACKSLASH) places.add(result.length);
    result += insert;
    from += over;
  }
  copy(text.length);
  return [result, places];
};

const changesOf = (text: string, own: ReadonlySet<number>): Change[] => {
  const [block] = parseMarkup(text).blocks;
  switch (block?.type) {
    case 'paragraph':
      return inWords(text, block.children, own);
    case 'heading':
    case 'quote':
      return [escapeAt(text.search(/\S/))];
    case 'list': {
      const marker = block.items[0]?.marker;
      // Behind a number, before the sign of a bullet.
      return marker ? [escapeAt(block.ordered ? marker.to - 1 : marker.from)] : [];
    }
    default:
      return [];
  }
};

/**
 * Before each formatting the first sign of it, at each mention, behind each backslash that is not shown and stood in the
 * line, and in place of each of ours that is shown.
 */
const inWords = (text: string, nodes: readonly Inline[], own: ReadonlySet<number>): Change[] => {
  const changes: Change[] = [];
  let at = 0;
  /** The node before formats: what is not shown behind it may be the end of that. */
  let formatted = false;
  for (const node of nodes) {
    const all = leaves([node]);
    const { from } = all[0] ?? { from: at };
    if (!formatted) {
      const hidden = hiddenAt(text, at, from, own);
      if (hidden) changes.push(hidden);
    }
    if (node.type === 'mention') changes.push(escapeAt(from));
    const isPlain = node.type === 'text' || (node.type === 'link' && node.address === null);
    for (const leaf of isPlain ? all : [])
      for (let i = leaf.from; i < leaf.to; i++)
        // A sign behind it formats nothing any more, or formats all the same.
        if (own.has(i)) changes.push({ at: i, insert: WORD_JOINER, over: 1 });
    formatted = !isPlain && node.type !== 'mention';
    at = all.at(-1)?.to ?? at;
  }
  if (!formatted) {
    const hidden = hiddenAt(text, at, text.length, own);
    if (hidden) changes.push(hidden);
  }
  return changes;
};

/** What to do about the first character from one place to another that is not shown and is not ours. */
const hiddenAt = (text: string, from: number, to: number, own: ReadonlySet<number>): Change | null => {
  for (let at = from; at < to; at++) {
    if (own.has(at)) continue;
    return text[at] === BACKSLASH ? { at: at + 1, insert: WORD_JOINER, over: 0 } : escapeAt(at);
  }
  return null;
};

const leaves = (nodes: readonly Inline[]): Range[] =>
  nodes.flatMap((node) => ('children' in node ? leaves(node.children) : [node]));
