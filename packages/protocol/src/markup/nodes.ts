/**
 * What a message reads as (docs/formatting.md). Every node says where it stands in the text as it was typed, in UTF-16
 * units, end exclusive. The nodes that show something (`text`, `code`, `mention`, markers of lists) are slices of that
 * text, in its order; what lies between them are the signs that were taken as formatting. So the text that is shown and
 * these signs together are always what was typed.
 */
export interface Range {
  from: number;
  to: number;
}

export interface TextNode extends Range {
  type: 'text';
}
/** Between backticks; shown as it stands. */
export interface CodeSpan extends Range {
  type: 'code';
}
export interface MentionNode extends Range {
  type: 'mention';
  userId: string;
}
export interface Emphasis {
  type: 'bold' | 'italic' | 'strike';
  children: Inline[];
}
export interface LinkNode {
  type: 'link';
  /** Only http, https and mailto. */
  href: string;
  /** Where the address stands when it is not what is shown: `[words](address)`. */
  address: Range | null;
  children: Inline[];
}
export type Inline = TextNode | CodeSpan | MentionNode | Emphasis | LinkNode;

interface InRow {
  /** Empty lines before it. */
  gap: number;
}

export interface Paragraph extends InRow {
  type: 'paragraph';
  children: Inline[];
}
export interface Heading extends InRow {
  type: 'heading';
  level: number;
  children: Inline[];
}
export interface Quote extends InRow {
  type: 'quote';
  blocks: Block[];
}
export interface ListItem {
  /** `4.` or `4)` as it was typed; of bullets the sign, which is shown as a bullet. */
  marker: Range;
  /** `[ ]` or `[x]`, a box to tick; null where there is none. */
  box: (Range & { done: boolean }) | null;
  blocks: Block[];
}
export interface List extends InRow {
  type: 'list';
  ordered: boolean;
  items: ListItem[];
}
export interface CodeBlock extends InRow {
  type: 'codeBlock';
  /** The name of the language behind the fence. */
  language: Range | null;
  /** The lines without what they are nested in. Never empty. */
  lines: Range[];
}
export interface Table extends InRow {
  type: 'table';
  align: ('left' | 'center' | 'right' | null)[];
  /** The first is the header. Each cell once for every column it has. */
  rows: Inline[][][];
}
/** A line across: `---` with empty lines around it. */
export interface Rule extends Range, InRow {
  type: 'rule';
}
export type Block = Paragraph | Heading | Quote | List | CodeBlock | Table | Rule;

export interface Markup {
  blocks: Block[];
  /** The text is over a bound, and stands as it was typed. */
  over: boolean;
}
