import { codeOfTerm } from './codes.ts';
import { tokensOf } from './tokens.ts';

/** One place of a term: any of these tokens. */
export interface Part {
  texts: string[];
  /** Place within the term, from 0. */
  at: number;
  /** Also tokens that begin so. */
  prefix: boolean;
}

/** What one word or phrase of a query asks of a text: its parts at their places, or, for a code, that string anywhere in one. */
export interface Term {
  parts: Part[];
  code: string | null;
}

/** One letter begins too many words to mean anything. In UTF-16 units. */
const MIN_PREFIX = 2;

/** Null when there is nothing in it that can be found. */
export const termOf = (text: string, { prefix = false, phrase = false } = {}): Term | null => {
  const tokens = tokensOf(text);
  const parts: Part[] = [];
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    const after = tokens[i + 1];
    const single = token.gram && [...token.text].length === 1;
    // The last character of a run stands alone in the text, in case nothing follows; a query has it in the pair before.
    if (single && before?.gram && before.from <= token.from && before.to >= token.to) continue;
    // `c++` also stands as `c`.
    if (after?.at === token.at) continue;
    parts.push({ texts: [token.text], at: token.at, prefix: single });
  }
  const first = parts[0]?.at;
  const last = parts.at(-1);
  if (first === undefined || !last) return null;
  for (const part of parts) part.at -= first;
  const end = tokens.at(-1);
  if (prefix && end && !end.gram && (last.texts[0]?.length ?? 0) >= MIN_PREFIX) last.prefix = true;
  return { parts, code: phrase ? null : codeOfTerm(text) };
};

/** The query language of Postgres for a term without its code. */
export const toTsquery = ({ parts }: Term): string => {
  let query = '';
  let before = 0;
  for (const { texts, at, prefix } of parts) {
    const lexemes = texts.map((text) => `'${text}'${prefix ? ':*' : ''}`);
    const one = lexemes.length === 1 ? (lexemes[0] as string) : `(${lexemes.join(' | ')})`;
    query = query === '' ? one : `${query} <${at - before}> ${one}`;
    before = at;
  }
  return query;
};
