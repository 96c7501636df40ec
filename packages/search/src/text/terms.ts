import { withoutEntities } from '@lockstep/protocol/markup';
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
  /** Only the code as it was typed counts, not its words side by side: `8.8.8.8` is not `8,8,8,8`. */
  exact: boolean;
}

/** A single letter is a prefix of too many words. In UTF-16 units. */
const MIN_PREFIX = 2;
/** Words, or pairs of characters, of one term: what is over is not asked for. */
export const MAX_PARTS = 64;

/** Letters with a hyphen are also written apart: wi-fi, e-mail, dist-upgrade. */
const isExact = (code: string): boolean => !/^[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*$/u.test(code);

/** Whether a text has more than one term can ask for. */
export const isCut = (text: string): boolean => tokensOf(text).length > MAX_PARTS;

/** Two that ask for the same have the same. */
export const termKey = (term: Term): string => JSON.stringify(term);

/** Null when there is nothing in it that can be found. Asks for the first MAX_PARTS of a text. */
export const termOf = (query: string, { prefix = false, phrase = false } = {}): Term | null => {
  const text = withoutEntities(query);
  const tokens = tokensOf(text).slice(0, MAX_PARTS);
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
  const code = phrase ? null : codeOfTerm(text);
  return { parts, code, exact: code !== null && isExact(code) };
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
