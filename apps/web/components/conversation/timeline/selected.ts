import type { CopiedRow } from './copied.ts';
import type { Row } from './rows.ts';

const MESSAGE = '[data-testid="message"]';

/** The message at an end of a selection: also where that stands beside its text. */
export const messageAt = (node: Node | null, offset: number): HTMLElement | null => {
  if (!node) return null;
  // Between two rows, or between two parts of one.
  const child = node.childNodes[Math.min(offset, node.childNodes.length - 1)];
  const inner = child instanceof HTMLElement && !node.parentElement?.closest('li') ? child : node;
  const element = inner instanceof HTMLElement ? inner : inner.parentElement;
  return (
    element?.closest<HTMLElement>(MESSAGE) ??
    element?.closest('li')?.querySelector<HTMLElement>(MESSAGE) ??
    null
  );
};

/**
 * The rows that a selection reaches from its first to its last, also those between that are not in the page. What begins
 * above the list or ends below it takes in all that is loaded there. Null where it is within one message: the browser
 * copies that as it stands.
 */
export const selectedRows = (
  selection: Selection,
  scroller: HTMLElement,
  rows: readonly Row[],
): CopiedRow[] | null => {
  if (selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const list = scroller.querySelector('ul');
  const reached = [...scroller.querySelectorAll<HTMLElement>(MESSAGE)].filter((row) =>
    range.intersectsNode(row),
  );
  if (!list || reached.length === 0) return null;
  const indexOf = (row: HTMLElement | undefined) => rows.findIndex(({ key }) => key === row?.dataset.key);
  const first = list.contains(range.startContainer) ? indexOf(reached[0]) : 0;
  const last = list.contains(range.endContainer) ? indexOf(reached.at(-1)) : rows.length - 1;
  if (first < 0 || last <= first) return null;
  const partOf = (index: number) => {
    const row = reached.find((each) => each.dataset.key === rows[index]?.key);
    const body = row?.querySelector('[data-testid="message-body"]');
    return body ? selectedPart(selection, range, body) : null;
  };
  return rows.slice(first, last + 1).map((row, i) => ({
    row,
    part: i === 0 || i === last - first ? partOf(first + i) : null,
  }));
};

/** What a selection has of a text, as it reads; null when that is all of it. */
const selectedPart = (selection: Selection, range: Range, body: Element): string | null => {
  const whole = document.createRange();
  whole.selectNodeContents(body);
  const part = whole.cloneRange();
  if (range.compareBoundaryPoints(Range.START_TO_START, whole) > 0)
    part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, whole) < 0)
    part.setEnd(range.endContainer, range.endOffset);
  const text = textOf(selection, part);
  return text.trim() === textOf(selection, whole).trim() ? null : text.replace(/^\n+|\s+$/g, '');
};

/** A range has no line breaks of its own; the browser puts them in where it reads a selection. */
const textOf = (selection: Selection, range: Range): string => {
  if (range.collapsed) return '';
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  const text = selection.toString();
  if (anchorNode && focusNode) selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  return text;
};
