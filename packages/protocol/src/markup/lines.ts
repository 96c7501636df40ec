import type { Block, Range } from './nodes.ts';

/** Lines of a text, without their line breaks; in quotes and lists without what they are nested in. */
export class Lines {
  constructor(
    readonly text: string,
    readonly ranges: readonly Range[],
  ) {}

  static of(text: string): Lines {
    const ranges: Range[] = [];
    for (let from = 0; ; ) {
      const end = text.indexOf('\n', from);
      ranges.push({ from, to: end < 0 ? text.length : end });
      if (end < 0) return new Lines(text, ranges);
      from = end + 1;
    }
  }

  get count(): number {
    return this.ranges.length;
  }

  range(i: number): Range {
    return this.ranges[i] as Range;
  }

  line(i: number): string {
    const range = this.ranges[i];
    return range ? this.text.slice(range.from, range.to) : '';
  }

  isBlank(i: number): boolean {
    const range = this.ranges[i];
    return !range || !/\S/.test(this.text.slice(range.from, range.to));
  }

  /** These lines, each from `cut` characters after its beginning. */
  cut(from: number, to: number, cut: (line: string) => number): Lines {
    const ranges = this.ranges.slice(from, to).map((range) => {
      const off = cut(this.text.slice(range.from, range.to));
      return { from: range.from + off, to: range.to };
    });
    return new Lines(this.text, ranges);
  }
}

/** Parses the lines inside of a quote or an item of a list: the same grammar, one deeper. */
export type ParseInside = (lines: Lines, depth: number) => Block[];

const TAB = 4;

/** How far a line is indented, in columns. */
export const indentOf = (line: string): number => {
  let columns = 0;
  for (const sign of line) {
    if (sign === ' ') columns++;
    else if (sign === '\t') columns += TAB - (columns % TAB);
    else break;
  }
  return columns;
};

/** How many characters of white space make up so many columns, or all there is. */
export const indentLength = (line: string, columns: number): number => {
  let at = 0;
  for (let width = 0; width < columns && /[ \t]/.test(line.charAt(at)); at++)
    width += line[at] === '\t' ? TAB - (width % TAB) : 1;
  return at;
};
