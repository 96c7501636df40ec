/**
 * How much of a text is examined for formatting. Beyond a bound it is shown as typed: one message must never block a
 * conversation for its readers. The bounds are counts, not times, so that every device decides the same.
 */
export const MARKUP_BOUNDS = {
  /** Of a text, in UTF-16 units: two for each character that a message may have. */
  length: 32_000,
  /** Quotes and lists inside of each other; what is deeper is text. */
  depth: 8,
  /** Bold, italic, struck and links inside of each other. */
  inlineDepth: 12,
  /** Of a table; a larger one is text. */
  columns: 20,
  cells: 400,
  /** Elements that a message is made of. */
  nodes: 1_500,
  /** Characters looked at while searching for ends and counterparts, per character of the text. */
  stepsPerCharacter: 24,
  /** The same for short texts. */
  stepsAtLeast: 4_000,
} as const;

/** Thrown and caught inside of parseMarkup. */
export class OverBounds extends Error {}

/** Counts the cost of a text while it is parsed. */
export class Cost {
  steps: number;
  nodes: number = MARKUP_BOUNDS.nodes;

  constructor(length: number) {
    this.steps = Math.max(MARKUP_BOUNDS.stepsAtLeast, length * MARKUP_BOUNDS.stepsPerCharacter);
  }

  spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) throw new OverBounds('The text takes too long to format.');
  }

  node(): void {
    if (--this.nodes < 0) throw new OverBounds('The text makes too many elements.');
  }
}
