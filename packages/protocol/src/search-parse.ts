import { LIMITS } from './limits.ts';
import { canonicalDate } from './search-dates.ts';
import {
  DATE_OPS,
  type ParsedSearch,
  SEARCH_FILTERS,
  SEARCH_HAS,
  SEARCH_IS,
  SEARCH_SORTS,
  type SearchClause,
  type SearchFilter,
  type SearchPerson,
  type SearchPlace,
  type SearchProblemCode,
} from './search-query.ts';
import { slipsBetween } from './slips.ts';

/**
 * The search language, read from what a person typed. Nothing is refused: what cannot be meant is left out and explained
 * in `problems`. With `typing` the last word counts as the beginning of a word, as long as no space follows it.
 */
export const parseSearch = (text: string, { typing = false } = {}): ParsedSearch =>
  new Parser(cut(text), text.length, typing).parse();

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
/** A minus that negates nothing: alone, or the flag of a command, such as `-a` and `--configure`. */
const FLAG = /^.(?:$|\s|-|[A-Za-z0-9](?:$|\s))/u;
const SPACE = /\s/u;
/** What can be searched at all: a letter, a digit, a pictogram. */
const SEARCHABLE = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const FILTER = /^(\p{L}{2,12})[:：]/u;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

const SYNONYMS: Record<string, string> = {
  ...{ links: 'link', url: 'link', urls: 'link', mentions: 'mention', edits: 'edit', edited: 'edit' },
  ...{ files: 'file', images: 'image', reactions: 'reaction', new: 'newest', latest: 'newest' },
  ...{ relevance: 'best', dm: 'direct' },
};

/** What people write who come from elsewhere. */
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
  ) {}

  parse(): ParsedSearch {
    if (this.fullLength > this.text.length)
      this.#problem('too_long', this.text.length, null, this.fullLength);
    for (;;) {
      this.#skipSpace();
      if (this.#at >= this.text.length) return this.#result;
      if (this.#result.query.clauses.length >= LIMITS.searchClauses) {
        this.#problem('too_long', this.#at, null, this.text.length);
        return this.#result;
      }
      this.#part();
    }
  }

  #part(): void {
    const start = this.#at;
    const not = MINUS.has(this.#char()) && !FLAG.test(this.text.slice(this.#at, this.#at + 3));
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

  #phrase(start: number, not: boolean): void {
    const text = this.#quoted();
    if (SEARCHABLE.test(text)) this.#add({ kind: 'phrase', text, not }, start);
    else if (text !== '') this.#problem('no_letters', start);
  }

  #word(start: number, not: boolean): void {
    const bare = this.#bare();
    const text = bare.replace(/\*+$/, '');
    const prefix = text !== bare || (this.typing && !not && this.#at === this.fullLength);
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
      this.#add({ kind: 'in', where: placeOf(value), not }, start);
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

  /** A value after `name:`; also `from: @ann`, and the dates of two words: `last week`, `october 2008`. */
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
    if (QUOTES[this.#char()]) return { text: this.#quoted(), quoted: true, sigil };
    let text = this.#at < this.text.length && !SPACE.test(this.#char()) ? this.#bare() : '';
    if ((DATE_OPS as readonly string[]).includes(name)) {
      const second = /^[ \t]+(\S+)/.exec(this.text.slice(this.#at));
      if (second && /^(last|this)$/i.test(text) && /^(week|month|year)$/i.test(second[1] as string)) {
        this.#at += second[0].length;
        text = `${text}-${second[1]}`;
      } else if (second && /^\p{L}+$/u.test(text) && /^\d{4}$/.test(second[1] as string)) {
        this.#at += second[0].length;
        text = `${text} ${second[1]}`;
      }
    }
    return { text, quoted: false, sigil };
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

  #quoted(): string {
    const from = this.#at;
    const closing = QUOTES[this.#char()] as string;
    this.#at++;
    let end = this.#at;
    while (end < this.text.length && !closing.includes(this.text[end] as string)) end++;
    const text = this.text.slice(this.#at, end);
    this.#at = Math.min(end + 1, this.text.length);
    if (end >= this.text.length) this.#problem('unclosed_quote', from);
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
  return !quoted && id && UUID.test(id) ? { id } : { name: text };
};

const placeOf = (value: Value): SearchPlace => {
  const id = /^<#(.*)>$/.exec(value.text)?.[1]?.toLowerCase();
  if (!value.quoted && id && UUID.test(id)) return { id };
  const person = personOf(value);
  return value.sigil === '@' || 'id' in person ? { person } : { title: value.text };
};

/** The known word that this one is a slip of the pen for, or null. */
const nearest = <T extends string>(word: string, known: readonly T[]): T | null => {
  const allowed = word.length <= 3 ? 1 : 2;
  let best: T | null = null;
  let least = allowed + 1;
  for (const name of known) {
    const slips = slipsBetween(word, name, allowed);
    if (slips < least && slips < name.length - 1) [best, least] = [name, slips];
  }
  return best;
};
