import { codesOf } from './codes.ts';
import { fold } from './fold.ts';
import type { Part, Term } from './terms.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A text made ready to be asked many terms. */
export class Text {
  readonly tokens: Token[];
  readonly #byText = new Map<string, Token[]>();
  readonly #byPlace = new Map<number, Token[]>();
  #codes: string | null | undefined;

  constructor(readonly body: string) {
    this.tokens = tokensOf(body);
    for (const token of this.tokens) {
      push(this.#byText, token.text, token);
      push(this.#byPlace, token.at, token);
    }
  }

  has(term: Term): boolean {
    return this.#hasCode(term) || this.#places(term).next().done === false;
  }

  /** The tokens of each place where the term stands. */
  occurrences(term: Term): Token[][] {
    return [...this.#places(term)];
  }

  #hasCode({ code }: Term): boolean {
    if (code === null) return false;
    this.#codes ??= codesOf(this.body);
    return this.#codes?.includes(code) ?? false;
  }

  *#places({ parts }: Term): Generator<Token[]> {
    const [first, ...rest] = parts;
    if (!first) return;
    for (const start of this.#starts(first)) {
      const found = [start];
      for (const part of rest) {
        const next = this.#byPlace.get(start.at + part.at)?.find((token) => fits(part, token.text));
        if (!next) break;
        found.push(next);
      }
      if (found.length === parts.length) yield found;
    }
  }

  #starts(part: Part): Token[] {
    if (part.prefix) return this.tokens.filter((token) => fits(part, token.text));
    if (part.texts.length === 1) return this.#byText.get(part.texts[0] as string) ?? [];
    return part.texts.flatMap((text) => this.#byText.get(text) ?? []);
  }
}

const push = <K>(map: Map<K, Token[]>, key: K, token: Token) => {
  const known = map.get(key);
  if (known) known.push(token);
  else map.set(key, [token]);
};

const fits = ({ texts, prefix }: Part, text: string): boolean =>
  prefix ? texts.some((one) => text.startsWith(one)) : texts.includes(text);

const CHUNK = /\S+/g;

/** What to mark in the text for these terms: UTF-16 units, end exclusive, ascending, joined where they touch. */
export const marksOf = (body: string, terms: Term[]): [number, number][] => {
  const text = new Text(body);
  const found: [number, number][] = [];
  for (const term of terms) {
    for (const tokens of text.occurrences(term)) for (const { from, to } of tokens) found.push([from, to]);
    if (term.code === null) continue;
    for (const { 0: chunk, index } of body.matchAll(CHUNK)) {
      const folded = fold(chunk);
      const at = folded.indexOf(term.code);
      if (at < 0) continue;
      const exact = folded.length === chunk.length;
      found.push(exact ? [index + at, index + at + term.code.length] : [index, index + chunk.length]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const marks: [number, number][] = [];
  for (const [from, to] of found) {
    const last = marks.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else marks.push([from, to]);
  }
  return marks;
};
