import { editDistance } from './edit-distance.ts';
import { LIMITS } from './limits.ts';
import { canonicalDate } from './search-dates.ts';
import { isFlag } from './search-flags.ts';
import { isBareName } from './search-format.ts';
import {
  DATE_OPS,
  SEARCH_FILTERS,
  SEARCH_HAS,
  SEARCH_IS,
  SEARCH_SORTS,
  type SearchFilter,
  type SearchProblemCode,
} from './search-query.ts';
import type { ParsedSearch, SearchClause, SearchConversation, SearchPerson } from './search-schema.ts';

/**
 * Parses the search language. Nothing is refused: invalid parts are left out and explained in `problems`. With
 * `typing` the last word counts as the beginning of a word, as long as no space follows it.
 */
export const parseSearch = (
  text: string,
  { typing = false, names = NO_NAMES }: { typing?: boolean; names?: KnownNames } = {},
): ParsedSearch => new Parser(cut(text), text.length, typing, names).parse();

/**
 * Names of several words that there are: `from:Ann Lee` reads on as long as somebody is called so. Asked for each longer
 * part of the text; the longest that is known counts.
 */
export interface KnownNames {
  isPerson(name: string): boolean;
  isTitle(name: string): boolean;
}
const NO_NAMES: KnownNames = { isPerson: () => false, isTitle: () => false };
/** Words of a name beside its first. */
const MORE_WORDS = 5;

/** Without what no message can have, of the same length, so that places in it stay right. */
const cut = (text: string): string =>
  text.slice(0, LIMITS.searchText).toWellFormed().replaceAll('\u0000', ' ');

/** Opening quote → what closes it. Chinese input methods give “” for ", and often the same one twice. */
const QUOTES: Record<string, string> = {
  '"': '"“”„',
  '“': '"“”„',
  '”': '"“”„',
  '„': '"“”„',
  '「': '」',
  '『': '』',
};
const MINUS = new Set(['-', '－', '−']);
/** What can be negated begins so: a letter, a pictogram, a quote. */
const NEGATABLE = /^[\p{L}\p{Extended_Pictographic}\p{RI}"“”„「『]/u;
const SPACE = /\s/u;
/** What can be searched at all: a letter, a digit, a pictogram, a flag of a country. */
const SEARCHABLE = /[\p{L}\p{N}\p{Extended_Pictographic}\p{RI}]/u;
const FILTER = /^(\p{L}{2,12})[:：]/u;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

const SYNONYMS: Record<string, string> = {
  ...{ links: 'link', url: 'link', urls: 'link', mentions: 'mention', edits: 'edit', edited: 'edit' },
  ...{ files: 'file', images: 'image', reactions: 'reaction', new: 'newest', latest: 'newest' },
  ...{ relevance: 'best', dm: 'direct' },
};

/** Synonyms from other products. */
const ELSEWHERE: Record<string, SearchFilter> = {
  ...{
    by: 'from',
    author: 'from',
    sender: 'from',
    user: 'from',
    channel: 'in',
    room: 'in',
    mention: 'mentions',
  },
  ...{ since: 'after', until: 'before', date: 'on', order: 'sort', contains: 'has' },
};

interface Value {
  text: string;
  quoted: boolean;
  /** `@` or `#` that stood before it. */
  sigil: string;
}

class Parser {
  #at = 0;
  readonly #result: ParsedSearch = { query: { clauses: [], sort: null }, spans: [], problems: [] };

  constructor(
    readonly text: string,
    readonly fullLength: number,
    readonly typing: boolean,
    readonly names: KnownNames,
  ) {}

  parse(): ParsedSearch {
    if (this.fullLength > this.text.length)
      this.#problem('too_long', this.text.length, null, this.fullLength);
    for (;;) {
      this.#skipSpace();
      if (this.#at >= this.text.length) return this.#result;
      // `sort:` is no clause: it is read behind the last of them too, where formatSearch writes it.
      const isFull = this.#result.query.clauses.length >= LIMITS.searchClauses;
      if (isFull && FILTER.exec(this.text.slice(this.#at))?.[1]?.toLowerCase() !== 'sort') {
        this.#problem('too_long', this.#at, null, this.text.length);
        return this.#result;
      }
      this.#part();
    }
  }

  #part(): void {
    const start = this.#at;
    const not = this.#negates();
    if (not) this.#at++;
    const named = FILTER.exec(this.text.slice(this.#at));
    const name = named?.[1]?.toLowerCase() as SearchFilter | undefined;
    if (QUOTES[this.#char()]) {
      this.#phrase(start, not);
    } else if (named && name && SEARCH_FILTERS.includes(name)) {
      this.#at += named[0].length;
      this.#filter(name, start, not);
    } else {
      if (named && name) this.#perhapsFilter(name, named[0].length);
      this.#word(start, not);
    }
  }

  /** A minus with a space before it and something to negate behind it, which is not the flag of a command. */
  #negates(): boolean {
    if (!MINUS.has(this.#char())) return false;
    if (this.#at > 0 && !SPACE.test(this.text[this.#at - 1] as string)) {
      // Behind a quote: `"a"-b`. Written again it would have a space before it.
      while (MINUS.has(this.#char())) this.#at++;
      return false;
    }
    const [word = ''] = /^\S*/u.exec(this.text.slice(this.#at + 1)) ?? [];
    if (!NEGATABLE.test(word)) return false;
    const name = FILTER.exec(word)?.[1]?.toLowerCase();
    if (QUOTES[word.charAt(0)] || (SEARCH_FILTERS as readonly string[]).includes(name ?? '')) return true;
    const before = this.#result.query.clauses.flatMap((one) =>
      one.kind === 'word' && !one.not ? [one.text] : [],
    );
    return !isFlag(word, before);
  }

  #phrase(start: number, not: boolean): void {
    const problems = this.#result.problems.length;
    const quoted = this.#quoted();
    const text = quoted.replace(/[\s*]+$/u, '');
    const isOpen = this.#result.problems.length > problems;
    // The last word of a quote that is still open is still being written.
    const prefix = quoted.endsWith('*') || (isOpen && this.typing && !not && !/\s$/u.test(this.text));
    if (SEARCHABLE.test(text)) this.#add({ kind: 'phrase', text, ...(prefix && { prefix }), not }, start);
    else if (quoted !== '') this.#problem('no_letters', start);
  }

  #word(start: number, not: boolean): void {
    const bare = this.#bare();
    const text = bare.replace(/\*+$/, '');
    // A flag such as `-a` is a whole word: as a beginning it would be written `-a*`, which negates. `--co*` does not.
    const flag = MINUS.has(text.charAt(0)) && !MINUS.has(text.charAt(1));
    const prefix = text !== bare || (this.typing && !not && !flag && this.#at === this.fullLength);
    if (SEARCHABLE.test(text)) this.#add({ kind: 'word', text, prefix, not }, start);
    else this.#problem('no_letters', start);
  }

  #filter(name: SearchFilter, start: number, not: boolean): void {
    const value = this.#value(name);
    if (value.text === '') {
      this.#problem('empty_filter', start);
    } else if (name === 'sort') {
      this.#result.query.sort = knownWord(SEARCH_SORTS, value) ?? this.#result.query.sort;
      if (!knownWord(SEARCH_SORTS, value)) this.#unknown(SEARCH_SORTS, value, start);
    } else if (name === 'has') {
      const what = knownWord(SEARCH_HAS, value);
      if (what) this.#add({ kind: 'has', what, not }, start);
      else this.#unknown(SEARCH_HAS, value, start);
    } else if (name === 'is') {
      const what = knownWord(SEARCH_IS, value);
      if (what) this.#add({ kind: 'is', what, not }, start);
      else this.#unknown(SEARCH_IS, value, start);
    } else if (name === 'in') {
      this.#add({ kind: 'in', where: conversationOf(value), not }, start);
    } else if (name === 'from' || name === 'to' || name === 'mentions') {
      this.#add({ kind: name, who: personOf(value), not }, start);
    } else {
      const when = canonicalDate(value.text);
      if (when) this.#add({ kind: 'date', op: name, when, not }, start);
      else this.#problem('bad_date', start);
    }
  }

  #unknown(known: readonly string[], value: Value, start: number): void {
    this.#problem('unknown_value', start, nearest(wordOf(value), known));
  }

  /** A value after `name:`; also `from: @ann`, dates of several words (`may 7 2013`), names of several that are known. */
  #value(name: SearchFilter): Value {
    const from = this.#at;
    this.#skipSpace();
    if (this.#at > from && !'@＠#＃'.includes(this.#char() || ' ')) this.#at = from;
    if (this.#at >= this.text.length || SPACE.test(this.#char()))
      return { text: '', quoted: false, sigil: '' };
    const takesSigil = name === 'in' || name === 'from' || name === 'to' || name === 'mentions';
    let sigil = '';
    if (takesSigil && '@＠#＃'.includes(this.#char())) {
      sigil = '@＠'.includes(this.#char()) ? '@' : '#';
      this.#at++;
    }
    if (QUOTES[this.#char()]) return { text: this.#quoted({ name: true }), quoted: true, sigil };
    const start = this.#at;
    let text = this.#at < this.text.length && !SPACE.test(this.#char()) ? this.#bare() : '';
    const goesOn = this.#continues(name, sigil);
    if (goesOn && text !== '' && !/^(?:<[@#]|me$)/iu.test(text))
      for (const end of this.#furtherWords()) {
        const longer = this.text.slice(start, end).replace(/\s+/gu, ' ');
        if (goesOn(longer)) [text, this.#at] = [longer, end];
      }
    return { text, quoted: false, sigil };
  }

  /** Whether a value of several words is one, where this filter takes such. */
  #continues(name: SearchFilter, sigil: string): ((value: string) => boolean) | null {
    if ((DATE_OPS as readonly string[]).includes(name)) return (value) => canonicalDate(value) !== null;
    if (name === 'in' && sigil !== '@') return (value) => this.names.isTitle(value);
    const isOfPerson = name === 'in' || name === 'from' || name === 'to' || name === 'mentions';
    return isOfPerson ? (value) => this.names.isPerson(value) : null;
  }

  /** Where each of the next plain words ends, up to a filter, a negation, or MORE_WORDS. */
  #furtherWords(): number[] {
    const ends: number[] = [];
    const word = /\s+(\S+)/uy;
    word.lastIndex = this.#at;
    for (let found = word.exec(this.text); found && ends.length < MORE_WORDS; found = word.exec(this.text)) {
      const [, plain = ''] = found;
      const name = FILTER.exec(plain.replace(/^[-－−]/u, ''))?.[1]?.toLowerCase() ?? '';
      if (MINUS.has(plain.charAt(0)) || (SEARCH_FILTERS as readonly string[]).includes(name)) break;
      ends.push(word.lastIndex);
    }
    return ends;
  }

  /** `form:@ann`: taken as a word, but said. Addresses (`http://`) and other words with colons stay unmentioned. */
  #perhapsFilter(name: string, length: number): void {
    const rest = this.text.slice(this.#at + length);
    if (rest.startsWith('//')) return;
    const meant = ELSEWHERE[name] ?? nearest(name, SEARCH_FILTERS);
    if (!meant) return;
    const from = this.#at;
    const word = /^\S*/.exec(rest)?.[0] ?? '';
    this.#problem('unknown_filter', from, `${meant}:${word}`, from + length + word.length);
  }

  /** A phrase is written in straight quotes, so it has none; a name may, inside of 「」. */
  #quoted({ name = false } = {}): string {
    const from = this.#at;
    const closing = QUOTES[this.#char()] as string;
    this.#at++;
    let end = this.#at;
    while (end < this.text.length && !closing.includes(this.text[end] as string)) end++;
    const text = this.text.slice(this.#at, end);
    this.#at = Math.min(end + 1, this.text.length);
    if (end >= this.text.length) this.#problem('unclosed_quote', from);
    if (name && !closing.includes('"')) return text.replace(/\s+/gu, ' ').trim();
    // Quotes inside other quotes would not survive being written again, and are not searched.
    return text.replace(/[\s"“”„]+/gu, ' ').trim();
  }

  #bare(): string {
    const from = this.#at;
    while (this.#at < this.text.length && !SPACE.test(this.#char())) this.#at++;
    return this.text.slice(from, this.#at);
  }

  #skipSpace(): void {
    while (this.#at < this.text.length && SPACE.test(this.#char())) this.#at++;
  }

  #char(): string {
    return this.text[this.#at] ?? '';
  }

  #add(clause: SearchClause, start: number): void {
    this.#result.query.clauses.push(clause);
    this.#result.spans.push([start, this.#at]);
  }

  #problem(code: SearchProblemCode, from: number, suggestion: string | null = null, to = this.#at): void {
    this.#result.problems.push({ code, from, to, text: this.text.slice(from, to), suggestion });
  }
}

const wordOf = ({ text }: Value) => text.normalize('NFKC').toLowerCase();

const knownWord = <T extends string>(known: readonly T[], value: Value): T | undefined => {
  const word = wordOf(value);
  return known.find((name) => name === word || name === SYNONYMS[word]);
};

const personOf = ({ text, quoted }: Value): SearchPerson => {
  if (!quoted && text.toLowerCase() === 'me') return { me: true };
  const id = /^<@(.*)>$/.exec(text)?.[1]?.toLowerCase();
  if (!quoted && id && UUID.test(id)) return { id };
  return quoted && isBareName(text) ? { name: text, quoted: true } : { name: text };
};

const conversationOf = (value: Value): SearchConversation => {
  const id = /^<#(.*)>$/.exec(value.text)?.[1]?.toLowerCase();
  if (!value.quoted && id && UUID.test(id)) return { id };
  const person = personOf(value);
  if (value.sigil === '@' || 'id' in person) return { person };
  return value.quoted && isBareName(value.text) ? { title: value.text, quoted: true } : { title: value.text };
};

/** The known word that this one is probably a typo of, or null. */
const nearest = <T extends string>(word: string, known: readonly T[]): T | null => {
  const allowed = word.length <= 3 ? 1 : 2;
  let best: T | null = null;
  let least = allowed + 1;
  for (const name of known) {
    const typos = editDistance(word, name, allowed);
    if (typos < least && typos < name.length - 1) [best, least] = [name, typos];
  }
  return best;
};
