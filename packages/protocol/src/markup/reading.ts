import { MENTION_SIGNS } from '../mention.ts';
import type { Block, Inline, List, Range } from './nodes.ts';
import { parseMarkup } from './parse.ts';

/** A stretch of the reading, and the stretch of the typed text that it stands for. Of the same length, but for entities. */
interface Piece extends Range {
  at: number;
  length: number;
}

export interface ReadingOptions {
  /**
   * What becomes of the address of `[words](address)`: it is left out, put in brackets behind the words, or behind the
   * whole text, each on a line of its own.
   */
  addresses?: 'out' | 'behind' | 'last';
  /** `&amp;` reads as `&`: for searching in what was copied from a page. */
  entities?: boolean;
}

/**
 * How a message reads as plain text: without the signs of formatting in its words, with those that say what a line is
 * (`- `, `2. `, `> `). Previews, search, copies and exports use it, so that they say what is on the screen.
 */
export class Reading {
  constructor(
    readonly text: string,
    readonly pieces: readonly Piece[],
    /** Where the addresses begin that stand behind the text (`addresses: 'last'`). */
    readonly end: number = text.length,
  ) {}

  /** The stretch of the typed text that a stretch of the reading stands for. */
  typed(from: number, to: number): [number, number] {
    return [this.#typed(from, false), this.#typed(Math.max(from, to - 1), true)];
  }

  #typed(at: number, end: boolean): number {
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pieces[middle] as Piece).at <= at) low = middle;
      else high = middle - 1;
    }
    const piece = this.pieces[low];
    if (!piece) return 0;
    const off = at - piece.at;
    if (off < 0) return piece.from;
    if (off >= piece.length) return end ? piece.to : (this.pieces[low + 1]?.from ?? piece.to);
    if (piece.length !== piece.to - piece.from) return end ? piece.to : piece.from;
    return piece.from + off + (end ? 1 : 0);
  }

  /** The stretches of the reading that stand for a stretch of the typed text, ascending. */
  read(from: number, to: number): [number, number][] {
    const found: [number, number][] = [];
    for (const piece of this.pieces) {
      if (piece.to <= from || piece.from >= to) continue;
      const same = piece.length === piece.to - piece.from;
      const start = same ? piece.at + Math.max(0, from - piece.from) : piece.at;
      const stop = same ? piece.at + Math.min(piece.length, to - piece.from) : piece.at + piece.length;
      const last = found.at(-1);
      if (last && last[1] === start) last[1] = stop;
      else if (start < stop) found.push([start, stop]);
    }
    return found.sort((a, b) => a[0] - b[0]);
  }
}

/** Without any of these a text reads as it was typed. */
const SIGNS = /[*_~`<\\|]|\]\(|^[ \t]*(?:[>#-]|\d{1,9}[.)][ \t])/m;
const MENTION_BEGINS = new RegExp(`^${MENTION_SIGNS.source}`);
const ENTITY = /&(amp|lt|gt|quot|apos|nbsp|#39|#x27);/g;
const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  '#39': "'",
  '#x27': "'",
};

/** The text with the characters that such entities stand for. */
export const withoutEntities = (text: string): string =>
  text.includes('&') ? text.replace(ENTITY, (_, name: string) => ENTITIES[name] as string) : text;

export const readingOf = (
  text: string,
  { addresses = 'out', entities = false }: ReadingOptions = {},
): Reading => {
  const decode = entities && text.includes('&') && text.search(ENTITY) >= 0;
  if (!decode && !SIGNS.test(text))
    return new Reading(text, [{ at: 0, length: text.length, from: 0, to: text.length }]);
  const writer = new Writer(text, addresses, decode);
  writer.blocks(parseMarkup(text).blocks);
  return writer.end();
};

class Writer {
  #text = '';
  readonly #pieces: Piece[] = [];
  readonly #last: Range[] = [];
  /** What each further line begins with. */
  #indent = '';

  constructor(
    readonly source: string,
    readonly addresses: 'out' | 'behind' | 'last',
    readonly decode: boolean,
  ) {}

  end(): Reading {
    const end = this.#text.length;
    for (const address of this.#last) {
      this.#insert('\n');
      this.#add(address);
    }
    return new Reading(this.#text, this.#pieces, end);
  }

  blocks(blocks: readonly Block[]): void {
    blocks.forEach((block, i) => {
      for (let n = i > 0 ? block.gap + 1 : block.gap; n > 0; n--) this.#newLine();
      this.#block(block);
    });
  }

  #block(block: Block): void {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        this.#words(block.children);
        break;
      case 'rule':
        this.#add(block);
        break;
      case 'quote':
        this.#insert('> ');
        this.#inside('> ', block.blocks);
        break;
      case 'list':
        this.#list(block);
        break;
      case 'codeBlock':
        this.#each(block.lines, (line) => this.#add(line));
        break;
      case 'table':
        this.#each(block.rows, (row) =>
          row.forEach((cell, n) => {
            if (n > 0) this.#insert(' | ');
            this.#words(cell);
          }),
        );
        break;
    }
  }

  #list({ items }: List): void {
    this.#each(items, ({ marker, box, blocks }) => {
      this.#add(marker);
      this.#insert(' ');
      if (box) {
        this.#add(box);
        this.#insert(' ');
      }
      this.#inside(' '.repeat(marker.to - marker.from + 1), blocks);
    });
  }

  /** One under the other. */
  #each<T>(list: readonly T[], write: (one: T) => void): void {
    list.forEach((one, i) => {
      if (i > 0) this.#newLine();
      write(one);
    });
  }

  #inside(indent: string, blocks: readonly Block[]): void {
    const before = this.#indent;
    this.#indent += indent;
    this.blocks(blocks);
    this.#indent = before;
  }

  #words(nodes: readonly Inline[]): void {
    for (const node of nodes) {
      if (!('children' in node)) this.#add(node.type === 'text' ? this.#withEscape(node) : node);
      else {
        this.#words(node.children);
        if (node.type === 'link' && node.address) this.#address(node.address);
      }
    }
  }

  /** What was written as no mention stays that: the names of mentions are put in later (`withNames`). */
  #withEscape({ from, to }: Range): Range {
    return from > 0 && this.source[from - 1] === '\\' && MENTION_BEGINS.test(this.source.slice(from, to))
      ? { from: from - 1, to }
      : { from, to };
  }

  #address(address: Range): void {
    if (this.addresses === 'last') this.#last.push(address);
    else if (this.addresses === 'behind') {
      this.#insert(' (');
      this.#add(address);
      this.#insert(')');
    }
  }

  #newLine(): void {
    this.#insert(`\n${this.#indent}`);
  }

  #insert(text: string): void {
    this.#text += text;
  }

  #add({ from, to }: Range): void {
    let start = from;
    while (this.#indent !== '') {
      const line = this.source.indexOf('\n', start);
      if (line < 0 || line >= to) break;
      this.#decoded(start, line);
      this.#newLine();
      start = line + 1;
    }
    this.#decoded(start, to);
  }

  #decoded(from: number, to: number): void {
    let at = from;
    if (this.decode)
      for (const { 0: entity, 1: name = '', index } of this.source.slice(from, to).matchAll(ENTITY)) {
        this.#piece(at, from + index);
        at = from + index + entity.length;
        this.#piece(from + index, at, ENTITIES[name]);
      }
    this.#piece(at, to);
  }

  #piece(from: number, to: number, text = this.source.slice(from, to)): void {
    if (from >= to) return;
    const last = this.#pieces.at(-1);
    const joins = last && last.to === from && last.at + last.length === this.#text.length;
    if (joins && text.length === to - from && last.length === last.to - last.from) {
      last.length += text.length;
      last.to = to;
    } else this.#pieces.push({ at: this.#text.length, length: text.length, from, to });
    this.#text += text;
  }
}
