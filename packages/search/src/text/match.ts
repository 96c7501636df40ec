import { fold } from '@lockstep/protocol';
import { codesOfMessage, tokensOfMessage } from './message.ts';
import type { Part, Term } from './terms.ts';
import type { Token } from './tokens.ts';

/** Occurrences of one term in one text that are looked for: as many as Postgres keeps, and more say nothing new. */
export const MAX_OCCURRENCES = 256;
/** Marks of one text: further ones are not drawn. */
export const MAX_MARKS = 200;

/** Counts what matching costs, in tokens looked at, so that a test can bound it without a clock. */
export interface Steps {
  taken: number;
}

/** A text made ready to be asked many terms. */
export class Text {
  readonly tokens: Token[];
  /** By text: the indexes of its tokens, ascending. */
  readonly #byText = new Map<string, number[]>();
  /** By position: the index of the first token there. */
  readonly #firstAt: number[] = [];
  readonly #steps: Steps;
  #codes: string | null | undefined;

  constructor(
    readonly body: string,
    steps: Steps = { taken: 0 },
  ) {
    this.#steps = steps;
    this.tokens = tokensOfMessage(body);
    steps.taken += this.tokens.length;
    for (const [index, { text, at }] of this.tokens.entries()) {
      const known = this.#byText.get(text);
      if (known) known.push(index);
      else this.#byText.set(text, [index]);
      this.#firstAt[at] ??= index;
    }
  }

  has(term: Term): boolean {
    return this.#hasCode(term) || (!term.exact && this.occurrences(term, 1).length > 0);
  }

  /**
   * The tokens of each place where the term stands, in the order of the text, at most `most`. Begins at the part of the
   * term that is rarest in the text, so that it costs no more than that one's places times the parts of the term.
   */
  occurrences({ parts }: Term, most = MAX_OCCURRENCES): Token[][] {
    let rarest = 0;
    let starts: number[] | null = null;
    for (const [index, part] of parts.entries()) {
      const found = this.#having(part);
      if (found.length === 0) return [];
      if (starts === null || found.length < starts.length) [rarest, starts] = [index, found];
    }
    const all: Token[][] = [];
    for (const start of starts ?? []) {
      const found = this.#around(parts, rarest, this.tokens[start] as Token);
      if (found) all.push(found);
      if (all.length === most) break;
    }
    return all;
  }

  #hasCode({ code }: Term): boolean {
    if (code === null) return false;
    this.#codes ??= codesOfMessage(this.body);
    return this.#codes?.includes(code) ?? false;
  }

  /** The tokens of all parts, where part number `known` is this token. */
  #around(parts: Part[], known: number, token: Token): Token[] | null {
    const start = token.at - (parts[known] as Part).at;
    const found: Token[] = [];
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index] as Part;
      const next = index === known ? token : this.#at(start + part.at, part);
      if (!next) return null;
      found.push(next);
    }
    return found;
  }

  #at(at: number, part: Part): Token | null {
    const { tokens } = this;
    if (at < 1 || at >= this.#firstAt.length) return null;
    for (let i = this.#firstAt[at] as number; i < tokens.length; i++) {
      const token = tokens[i] as Token;
      if (token.at !== at) return null;
      this.#steps.taken++;
      if (fits(part, token.text)) return token;
    }
    return null;
  }

  /** The indexes of the tokens that the part stands for, ascending. */
  #having(part: Part): number[] {
    const [text] = part.texts;
    if (!part.prefix && part.texts.length === 1) {
      this.#steps.taken++;
      return this.#byText.get(text as string) ?? [];
    }
    this.#steps.taken += this.#byText.size;
    const found: number[][] = [];
    for (const [one, indexes] of this.#byText) if (fits(part, one)) found.push(indexes);
    return found.length === 1 ? (found[0] as number[]) : found.flat().sort((a, b) => a - b);
  }
}

let last: Text | null = null;

/** The text that was asked for last is at hand: whether a message fits is asked first, and then how well. */
export const textOf = (body: string, steps?: Steps): Text => {
  if (steps) return new Text(body, steps);
  if (last?.body !== body) last = new Text(body);
  return last;
};

const fits = (part: Part, text: string): boolean => {
  if (part.texts.length === 1) {
    const first = part.texts[0] as string;
    return part.prefix ? text.startsWith(first) : text === first;
  }
  const { texts, lengths } = alternatives(part);
  if (!part.prefix) return texts.has(text);
  for (const length of lengths) if (texts.has(text.slice(0, length))) return true;
  return false;
};

interface Alternatives {
  texts: Set<string>;
  lengths: number[];
}
const known = new WeakMap<Part, Alternatives>();

/** Of a part with hundreds of them, as typos are forgiven: looked up, not tried one after the other. */
const alternatives = (part: Part): Alternatives => {
  let made = known.get(part);
  if (!made) {
    made = { texts: new Set(part.texts), lengths: [...new Set(part.texts.map((text) => text.length))] };
    known.set(part, made);
  }
  return made;
};

const CHUNK = /\S+/g;

/**
 * What to mark in the text for these terms: UTF-16 units, end exclusive, ascending, joined where they touch, the first
 * MAX_MARKS.
 */
export const marksOf = (body: string, terms: Term[], steps?: Steps): [number, number][] => {
  const text = textOf(body, steps);
  const found: [number, number][] = [];
  for (const term of terms) {
    if (term.exact) continue;
    let left = MAX_OCCURRENCES;
    for (const tokens of text.occurrences(term)) {
      for (const { from, to } of tokens) found.push([from, to]);
      left -= tokens.length;
      if (left <= 0) break;
    }
  }
  const codes = terms.flatMap(({ code }) => (code === null ? [] : [code]));
  if (codes.length > 0) found.push(...codeMarks(body, codes));
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const marks: [number, number][] = [];
  for (const [from, to] of found) {
    const last = marks.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (marks.length === MAX_MARKS) break;
    else marks.push([from, to]);
  }
  return marks;
};

/** The first place of each code in each run without spaces. */
const codeMarks = (body: string, codes: string[]): [number, number][] => {
  const found: [number, number][] = [];
  for (const { 0: chunk, index } of body.matchAll(CHUNK)) {
    const folded = fold(chunk);
    const exact = folded.length === chunk.length;
    for (const code of codes) {
      const at = folded.indexOf(code);
      if (at >= 0) found.push(exact ? [index + at, index + at + code.length] : [index, index + chunk.length]);
    }
    if (found.length >= MAX_MARKS * codes.length) break;
  }
  return found;
};
