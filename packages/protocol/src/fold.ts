import { LETTERS } from './fold-letters.ts';

/** Marks that are dropped: accents, Hebrew points, Arabic vowels. Vowel signs of other scripts are kept. */
const MARKS = [
  String.raw`\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f`,
  String.raw`\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7`,
  String.raw`\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed`,
].join('');
/**
 * Characters that are invisible inside a word: joiners, soft hyphens, direction marks, selectors; and the tatweel,
 * which only stretches.
 */
const UNSEEN = String.raw`\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u0640`;
const STRIPPED = new RegExp(`[${MARKS}${UNSEEN}]`, 'gu');
const MAPPED = new RegExp(`[${[...LETTERS.keys()].join('')}]`, 'gu');
const DIGIT = /\p{Nd}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const ASCII = /^[\x00-\x7f]*$/;

export const isAscii = (text: string): boolean => ASCII.test(text);

/** Digits of a script stand in a run from its 0 on; runs of several styles have ten each. */
const digitOf = (sign: string): string => {
  const code = sign.codePointAt(0) as number;
  let first = code;
  while (first > code - 60 && /^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--;
  return String((code - first) % 10);
};

const foldLetters = (text: string): string =>
  text
    .toLowerCase()
    .replace(MAPPED, (sign) => LETTERS.get(sign) as string)
    .normalize('NFKD')
    .replace(STRIPPED, '')
    // Once more: some letters are in lower case only after they were taken apart.
    .toLowerCase()
    .replace(MAPPED, (sign) => LETTERS.get(sign) as string)
    .replace(STRIPPED, '')
    .replace(DIGIT, digitOf)
    // Catalan: col·lecció.
    .replaceAll('l\u00b7', 'l')
    .normalize('NFC');

/** Parts that can be folded separately: the concatenation of their foldings is the folding of the whole. */
const KANA_MARKS = String.raw`\u3099\u309a\u309b\u309c\uff9e\uff9f`;
/** Sorting thousands of combining marks is slow, so only this many at a time. */
const TAIL = String.raw`[\p{M}${UNSEEN}]{0,99}`;
const PICTURE = String.raw`\p{Extended_Pictographic}[\ufe0e\ufe0f\p{EMod}]*[\u{e0020}-\u{e007f}]*`;
const JAMO = String.raw`[\u1100-\u11ff\u3130-\u318f\u3260-\u327e\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc]`;
const CLUSTER = new RegExp(
  [
    String.raw`[\p{sc=Hira}\p{sc=Kana}\u{1f201}\u{1f202}]${TAIL}[${KANA_MARKS}]?${TAIL}`,
    String.raw`(?<emoji>\p{RI}\p{RI}|[0-9#*]\ufe0f?\u20e3|${PICTURE}(?:\u200d${PICTURE})*)`,
    // Korean letters that stand alone, also in a circle, may join what is beside them, and what is dropped in between
    // does not keep them apart.
    String.raw`${JAMO}(?:[\p{M}${UNSEEN}]{0,99}${JAMO})*${TAIL}`,
    String.raw`[lL]\u00b7(?=[lL])`,
    `.${TAIL}`,
  ].join('|'),
  'suy',
);
const UNNEEDED_IN_EMOJI = /[\ufe0e\ufe0f\p{EMod}]/gu;
/** A sign that stands for several letters, such as ㎏ and №: a word of its own. */
const ABBREVIATION = /^\p{So}\p{M}*$/u;
/** So is one that stands for several words, or for letters and what is none, such as ﷺ and ½. */
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}]/u;
const SOUND_MARKS: Record<string, string> = { '\u309b': '\u3099', '\u309c': '\u309a' };

interface Cluster {
  text: string;
  /** Stands for itself: does not belong to the word before or after it. */
  apart: boolean;
}

const foldCluster = (cluster: string, isEmoji: boolean): Cluster => {
  if (isEmoji) {
    const text = cluster.replace(UNNEEDED_IN_EMOJI, '');
    if (text.normalize('NFKD') === text) return { text, apart: true };
  }
  const kana =
    cluster.length > 1 ? cluster.replace(/(?<=.)[\u309b\u309c]$/u, (one) => SOUND_MARKS[one] ?? '') : cluster;
  const text = foldLetters(kana);
  return { text, apart: text.length > 1 && (BETWEEN_WORDS.test(text) || ABBREVIATION.test(cluster)) };
};

/** Size of the cache; it is cleared when full. */
const MAX_KNOWN = 20_000;
const known = new Map<string, Cluster>();

const clusterAt = (text: string, at: number): { length: number } & Cluster => {
  CLUSTER.lastIndex = at;
  const found = CLUSTER.exec(text);
  // Half of a surrogate pair is a cluster, too.
  const cluster = found?.[0] ?? text.charAt(at);
  let folded = known.get(cluster);
  if (!folded) {
    folded = foldCluster(cluster, found?.groups?.emoji !== undefined);
    if (known.size >= MAX_KNOWN) known.clear();
    if (cluster.length <= 16) known.set(cluster, folded);
  }
  return { length: cluster.length, ...folded };
};

/** Ideographs, kana and syllables that folding does not change. */
const isPlain = (code: number): boolean =>
  (code >= 0x4e00 && code <= 0x9fff) ||
  (code >= 0x3041 && code <= 0x3096) ||
  (code >= 0x30a1 && code <= 0x30fa) ||
  (code >= 0xac00 && code <= 0xd7a3);
/** What cannot belong to the letter before it. */
const begins = (code: number): boolean =>
  (code < 0x300 && code !== 0xad && code !== 0xb7) ||
  isPlain(code) ||
  (code >= 0x3000 && code <= 0x3020) ||
  (code >= 0xff01 && code <= 0xff5e);
const LONE_JAMO = /[\u1100-\u11ff\u3130-\u318f\u3260-\u327e\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdc]/;

/**
 * Calls `take` with each part of a text that folds by itself, from `from` to `to` (exclusive, in UTF-16 units). The parts
 * side by side are `fold` of the text.
 */
export const eachFolded = (
  text: string,
  take: (folded: string, from: number, to: number, apart: boolean) => void,
): void => {
  const syllables = LONE_JAMO.test(text) ? 0xac00 : Number.POSITIVE_INFINITY;
  const { length } = text;
  for (let at = 0; at < length; ) {
    const code = text.charCodeAt(at);
    const next = at + 1 < length ? text.charCodeAt(at + 1) : 0;
    if ((code < 0x80 || (isPlain(code) && code < syllables)) && begins(next)) {
      take(code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : text.charAt(at), at, at + 1, false);
      at++;
      continue;
    }
    const cluster = clusterAt(text, at);
    take(cluster.text, at, at + cluster.length, cluster.apart);
    at += cluster.length;
  }
};

/**
 * Makes texts equal that people consider the same: case, accents and width (Café = cafe, ＱＷＥＮ = qwen), ligatures and
 * letters that few keyboards have (ﬁ = fi, Straße = strasse, Łódź = lodz, ı = i), the digits of all scripts, what
 * shows nothing inside of a word. Composed again, so that Korean syllables and Japanese kana stay what they are.
 * Names, titles, queries and texts are compared in this form, in all parts of the product; `fold_text` of the
 * database is the same. Idempotent.
 */
export const fold = (text: string): string => {
  if (isAscii(text)) return text.toLowerCase();
  let folded = '';
  eachFolded(text, (part) => {
    folded += part;
  });
  return folded;
};

/** The same for a name, a title or a part of one: with one space wherever there are several. */
export const foldName = (name: string): string => fold(name).replace(/\s+/gu, ' ').trim();
