import { MENTION_SIGNS } from '../mention.ts';
import { type Address, addressesIn, namesAnotherHost, safeHref } from './addresses.ts';
import type { Cost } from './bounds.ts';
import { joined, type Run, resolveEmphasis, within } from './emphasis.ts';
import { delimiterAt } from './flanks.ts';
import type { Inline, LinkNode, Range } from './nodes.ts';
import { Source } from './source.ts';
import { Tally } from './tally.ts';

/** Where something may begin or end. */
const SIGN = /[*_~`[\]!<\\]/g;
const RUN = /[*_~]/;
/** A backslash takes its meaning from a sign that would begin a block at the beginning of a line. */
const BLOCK_ESCAPE =
  /(?:^|\n)[ \t]*(?:\\(?=#{1,6}[ \t]+\S|>[ \t]+\S|[-*][ \t]+\S)|\d{1,9}\\(?=[.)][ \t]+\S))/g;
/** Somewhere is calculated. */
const CALCULATES = /[=＝≈×÷]/;
const MAX_ADDRESS = 2_048;
/** One of its own: the shared expression keeps where it stands. */
const MENTION_HERE = new RegExp(`^${MENTION_SIGNS.source}`);
const MENTION_LENGTH = 39;

/**
 * What kind of words: those of a paragraph; those behind a marker on its line, which begin no block; those of code that
 * was not fenced, in which only links and mentions are.
 */
export type Words = 'paragraph' | 'behind' | 'raw';

/** The words of one paragraph, heading or cell. */
export const parseInline = (
  whole: string,
  lines: readonly Range[],
  cost: Cost,
  words: Words = 'paragraph',
): Inline[] => new InlineParser(new Source(whole, lines), cost, words).parse();

interface Bracket {
  type: 'bracket';
  from: number;
  to: number;
  /** Written with a backslash: begins no link, and the backslash is hidden where it would have. */
  escape: number | null;
}
type Part = Inline | Run;

class InlineParser {
  readonly #text: string;
  readonly #addresses: Address[];
  /** Runs of backticks by their length, and how many of them are behind. */
  readonly #backticks = new Map<number, { places: number[]; next: number }>();
  #parts: (Part | Bracket)[] = [];
  /** Where brackets stand that may begin a link, in `#parts`. */
  #brackets: number[] = [];
  /** Backslashes that are not shown. */
  readonly #hidden = new Set<number>();
  #tally: Tally | null = null;
  #address = 0;
  /** The end of the line that was looked at last. */
  #lineEnd = -1;
  /** Up to where the text has been put into parts. */
  #done = 0;

  constructor(
    readonly source: Source,
    readonly cost: Cost,
    readonly words: Words,
  ) {
    this.#text = source.text;
    this.#addresses = addressesIn(this.#text, (steps) => cost.spend(steps));
    cost.spend(this.#text.length);
  }

  parse(): Inline[] {
    const text = this.#text;
    const raw = this.words === 'raw';
    if (!raw) {
      for (const match of text.matchAll(BLOCK_ESCAPE))
        if (match.index > 0 || this.words === 'paragraph')
          this.#hidden.add(match.index + match[0].length - 1);
      for (const { 0: run, index } of text.matchAll(/`+/g)) {
        const known = this.#backticks.get(run.length);
        if (known) known.places.push(index);
        else this.#backticks.set(run.length, { places: [index], next: 0 });
      }
    }
    const sign = raw ? /</g : SIGN;
    for (let at = 0; at < text.length; ) {
      sign.lastIndex = at;
      const found = sign.exec(text)?.index ?? text.length;
      const address = this.#addresses[this.#address];
      if (address && address.from <= found) {
        this.#address++;
        if (address.from >= this.#done) {
          this.#link(address);
          at = address.to;
        }
        continue;
      }
      at = found < text.length ? this.#at(found) : text.length;
    }
    this.#flush(text.length);
    return joined(this.#resolve(this.#parts), this.cost);
  }

  /** Takes what begins at a sign; the offset to go on from. */
  #at(at: number): number {
    switch (this.#text[at]) {
      case '`':
        return this.#code(at);
      case '<':
        return this.#mention(at);
      case '\\':
        return this.#escape(at);
      case '!':
        return this.#text[at + 1] === '[' ? this.#bracket(at, at + 2, null) : at + 1;
      case '[':
        return this.#bracket(at, at + 1, null);
      case ']':
        return this.#endOfLink(at);
      default:
        return this.#run(at);
    }
  }

  #push(part: Part | Bracket, from: number, to: number): number {
    this.#flush(from);
    this.#parts.push(part);
    this.#done = to;
    return to;
  }

  #flush(to: number): void {
    if (this.#done < to) this.#parts.push(...this.#textOf(this.#done, to));
    this.#done = to;
  }

  /** The text of a stretch, without the backslashes that are hidden. */
  #textOf(from: number, to: number): Inline[] {
    const nodes: Inline[] = [];
    let start = from;
    const take = (end: number) => {
      for (const range of this.source.ranges(start, end)) nodes.push({ type: 'text', ...range });
    };
    if (this.#hidden.size > 0)
      for (
        let at = this.#text.indexOf('\\', from);
        at >= 0 && at < to;
        at = this.#text.indexOf('\\', at + 1)
      ) {
        if (!this.#hidden.has(at)) continue;
        take(at);
        start = at + 1;
      }
    take(to);
    return nodes;
  }

  #link({ from, to, href }: Address): void {
    this.#flush(from);
    this.cost.node();
    const children = joined(this.#textOf(from, to), this.cost);
    this.#parts.push(within<LinkNode>({ type: 'link', href, address: null, children }, children));
    this.#done = to;
  }

  #mention(at: number): number {
    const match = MENTION_HERE.exec(this.#text.slice(at, at + MENTION_LENGTH));
    if (!match) return at + 1;
    const [range] = this.source.ranges(at, at + match[0].length);
    if (!range) return at + 1;
    if (this.#text[at - 1] === '\\') {
      this.#hidden.add(at - 1);
      return at + match[0].length;
    }
    this.cost.node();
    return this.#push({ type: 'mention', ...range, userId: match[1] as string }, at, at + match[0].length);
  }

  /** `code`, ``code with ` in it``; three backticks may go over lines. Never in the middle of a word: don`t. */
  #code(at: number): number {
    const text = this.#text;
    let open = at;
    while (text[open] === '`') open++;
    const count = open - at;
    const escaped = at > 0 && text[at - 1] === '\\' && text[at - 2] !== '\\';
    const end = this.#endOfCode(count, open);
    if (end < 0 || /[A-Za-z0-9]/.test(text.charAt(at - 1))) return open;
    let [from, to] = [open, end];
    if (count >= 3) {
      if (text[from] === '\n') from++;
      if (text[to - 1] === '\n' && to > from) to--;
    }
    // The space that keeps a backtick of the code apart from those around it.
    const apart = text[from] === ' ' && text[to - 1] === ' ' && to - from > 2;
    if (apart && (text[from + 1] === '`' || text[to - 2] === '`')) [from, to] = [from + 1, to - 1];
    // Nothing between two backticks: both stand as they are.
    if (!/\S/.test(text.slice(from, to))) return end + count;
    if (escaped) {
      this.#hidden.add(at - 1);
      return open;
    }
    this.#flush(at);
    for (const range of this.source.ranges(from, to)) {
      this.cost.node();
      this.#parts.push({ type: 'code', ...range });
    }
    this.#done = end + count;
    return this.#done;
  }

  #endOfCode(count: number, after: number): number {
    const known = this.#backticks.get(count);
    if (!known) return -1;
    while (known.next < known.places.length && (known.places[known.next] as number) < after) known.next++;
    const end = known.places[known.next];
    if (end === undefined) return -1;
    if (count >= 3) return end;
    if (this.#lineEnd < after) {
      const line = this.#text.indexOf('\n', after);
      this.#lineEnd = line < 0 ? this.#text.length : line;
    }
    return this.#lineEnd < end ? -1 : end;
  }

  #escape(at: number): number {
    const text = this.#text;
    // Two of them are what they are: a path of a server, an escaped backslash in code.
    if (text[at + 1] === '\\') {
      let end = at;
      while (text[end] === '\\') end++;
      return end;
    }
    const next = text.charAt(at + 1);
    if (RUN.test(next)) return this.#run(at);
    if (next === '[') return this.#bracket(at, at + 2, at);
    // A backtick and a mention are looked at by themselves; other signs are taken with their backslash.
    return next === '`' || next === '<' ? at + 1 : at + 2;
  }

  #bracket(from: number, to: number, backslash: number | null): number {
    this.#flush(from);
    this.#brackets.push(this.#parts.length);
    return this.#push({ type: 'bracket', from, to, escape: backslash }, from, to);
  }

  /** `](address)` behind a bracket: a link, if it leads somewhere and its words say nothing else. */
  #endOfLink(at: number): number {
    const text = this.#text;
    const index = this.#brackets.pop();
    if (index === undefined) return at + 1;
    const bracket = this.#parts[index] as Bracket;
    const address = text[at + 1] === '(' ? this.#addressAt(at + 2) : null;
    const href = address && safeHref(text.slice(address.from, address.to));
    if (!address || !href) return at + 1;
    const words = text.slice(bracket.to, at).replace(/[*_~`]/g, '');
    if (!this.#isSeen(bracket.to, at) || words.includes('\n') || namesAnotherHost(words, href)) return at + 1;
    if (bracket.escape !== null) {
      this.#hidden.add(bracket.escape);
      return at + 1;
    }
    this.#flush(at);
    const inside = this.#parts.splice(index).slice(1);
    const children = joined(this.#resolve(inside).flatMap(withoutLinks), this.cost);
    this.cost.node();
    const [range] = this.source.ranges(address.from, address.to);
    this.#parts.push(within<LinkNode>({ type: 'link', href, address: range ?? null, children }, children));
    this.#done = address.to + 1;
    // No link in a link: brackets before it begin none.
    this.#brackets = [];
    return this.#done;
  }

  #addressAt(from: number): Range | null {
    const text = this.#text;
    let open = 0;
    for (let at = from; at < Math.min(text.length, from + MAX_ADDRESS); at++) {
      this.cost.spend(1);
      const sign = text.charAt(at);
      if (sign === '(') open++;
      else if (sign === ')' && open-- === 0) return at > from ? { from, to: at } : null;
      else if (/[\s<>]/.test(sign)) return null;
    }
    return null;
  }

  #run(at: number): number {
    const text = this.#text;
    const [from, to] = clusterAround(text, at);
    let run = at;
    // Every run of the cluster, so that each knows what stands beside all of them.
    while (run < to) {
      const sign = text[run] === '\\' ? text.charAt(run + 1) : text.charAt(run);
      const escapes: number[] = [];
      let count = 0;
      let end = run;
      const escaped = text[run] === '\\';
      while (end < to) {
        if (text[end] === sign) end++;
        else if (escaped && text[end] === '\\' && text[end + 1] === sign) {
          escapes.push(end);
          end += 2;
        } else break;
        count++;
      }
      const delimiter = delimiterAt(text, { sign, count, from: run, to: end }, from, to);
      this.#push(
        { type: 'run', ...delimiter, from: run, to: end, escapes: escaped ? escapes : null },
        run,
        end,
      );
      run = end;
    }
    return to;
  }

  #isSeen(from: number, to: number): boolean {
    return this.tally.hasVisible(from, to);
  }

  get tally(): Tally {
    this.#tally ??= new Tally(this.#text);
    return this.#tally;
  }

  #resolve(parts: readonly (Part | Bracket)[]): Inline[] {
    const plain = parts.flatMap((part): Part[] =>
      part.type === 'bracket' ? this.#textOf(part.from, part.to) : [part],
    );
    const isRun = (part: Part): part is Run => part.type === 'run';
    if (!plain.some(isRun)) return plain as Inline[];
    return resolveEmphasis(plain, {
      tally: this.tally,
      cost: this.cost,
      calculates: CALCULATES.test(this.#text),
      textOf: (from, to) => this.#textOf(from, to),
    });
  }
}

/** The run of signs around an offset, of any kind; a backslash belongs to the sign behind it. */
const clusterAround = (text: string, at: number): [number, number] => {
  let to = at;
  while (RUN.test(text.charAt(to)) || (text[to] === '\\' && RUN.test(text.charAt(to + 1)))) to++;
  return [at, to];
};

/** Links in the words of a link are their words. */
const withoutLinks = (node: Inline): Inline[] => {
  if (node.type === 'link') return node.children;
  if ('children' in node) node.children = node.children.flatMap(withoutLinks);
  return [node];
};
