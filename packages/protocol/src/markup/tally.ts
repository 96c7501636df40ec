/** How many characters of some kinds a text has up to each of its offsets, so that a stretch is judged in one step. */
export class Tally {
  readonly #visible: Int32Array;
  readonly #letters: Int32Array;
  readonly #spaces: Int32Array;
  readonly #outsideNames: Int32Array;
  readonly #signs: Record<string, Int32Array> = {};

  constructor(readonly text: string) {
    const { length } = text;
    this.#visible = new Int32Array(length + 1);
    this.#letters = new Int32Array(length + 1);
    this.#spaces = new Int32Array(length + 1);
    this.#outsideNames = new Int32Array(length + 1);
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? (ASCII[code] as number) : kindOf(text, i);
      this.#visible[i + 1] = (this.#visible[i] as number) + (kind & 1);
      this.#letters[i + 1] = (this.#letters[i] as number) + ((kind >> 1) & 1);
      this.#spaces[i + 1] = (this.#spaces[i] as number) + ((kind >> 2) & 1);
      this.#outsideNames[i + 1] = (this.#outsideNames[i] as number) + ((kind >> 3) & 1);
    }
  }

  hasVisible(from: number, to: number): boolean {
    return count(this.#visible, from, to) > 0;
  }
  hasLetter(from: number, to: number): boolean {
    return count(this.#letters, from, to) > 0;
  }
  hasSpace(from: number, to: number): boolean {
    return count(this.#spaces, from, to) > 0;
  }
  /** Only what names in programs are made of: letters and digits of ASCII, `_`. */
  isName(from: number, to: number): boolean {
    return count(this.#outsideNames, from, to) === 0;
  }
  has(sign: string, from: number, to: number): boolean {
    this.#signs[sign] ??= sums(this.text, sign);
    return count(this.#signs[sign], from, to) > 0;
  }
}

const count = (sums: Int32Array, from: number, to: number): number =>
  (sums[to] as number) - (sums[from] as number);

const sums = (text: string, sign: string): Int32Array => {
  const result = new Int32Array(text.length + 1);
  for (let i = 0; i < text.length; i++) result[i + 1] = (result[i] as number) + (text[i] === sign ? 1 : 0);
  return result;
};

const VISIBLE = 1;
const LETTER = 2;
const SPACE = 4;
const OUTSIDE_NAMES = 8;
const LETTERS = /^[\p{L}\p{Extended_Pictographic}]/u;
const SPACES = /^\s/;
const BLANK = /^[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\p{M}\u2800]/u;

/** Of a character of two units both count the same; nothing is counted twice that matters. */
const kindOf = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  const from = code >= 0xdc00 && code <= 0xdfff && at > 0 ? at - 1 : at;
  const character = String.fromCodePoint(text.codePointAt(from) as number);
  let kind = OUTSIDE_NAMES;
  if (!BLANK.test(character)) kind |= VISIBLE;
  if (LETTERS.test(character)) kind |= LETTER;
  if (SPACES.test(character)) kind |= SPACE;
  return kind;
};

const ASCII = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  const kind = kindOf(character, 0);
  return /\w/.test(character) ? kind & ~OUTSIDE_NAMES : kind;
});
