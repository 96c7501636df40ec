import type { Range } from './nodes.ts';

/**
 * The lines of one paragraph as one string, and where each character of it stands in the whole text: what the lines are
 * nested in (`> `, indents of lists) is left out.
 */
export class Source {
  readonly text: string;
  /** Where each line begins in `text`, and by how much it is moved. */
  readonly #starts: number[] = [];
  readonly #shifts: number[] = [];

  constructor(whole: string, lines: readonly Range[]) {
    let text = '';
    for (const { from, to } of lines) {
      const shift = from - text.length;
      if (this.#shifts.at(-1) !== shift) {
        this.#starts.push(text.length);
        this.#shifts.push(shift);
      }
      text += whole.slice(from, to);
      // The line break stands behind the line in the whole text, too.
      text += '\n';
    }
    this.text = text.slice(0, -1);
  }

  /** The parts of the whole text that a stretch of `text` consists of, in order. */
  ranges(from: number, to: number): Range[] {
    if (this.#starts.length <= 1) {
      const shift = this.#shifts[0] ?? 0;
      return from < to ? [{ from: from + shift, to: to + shift }] : [];
    }
    const ranges: Range[] = [];
    for (let i = this.#before(from); i < this.#starts.length; i++) {
      const start = Math.max(from, this.#starts[i] as number);
      const end = Math.min(to, this.#starts[i + 1] ?? this.text.length);
      if (start >= to) break;
      const shift = this.#shifts[i] as number;
      if (start < end) ranges.push({ from: start + shift, to: end + shift });
    }
    return ranges;
  }

  /** The last line that begins at or before an offset. */
  #before(at: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
