/** How long after the last key, touch or pointer move the reader counts as present, in ms. */
export const PRESENT_MS = 60_000;
/** Signs of use that follow one another within this time count as one, in ms. */
const SIGN_MS = 1_000;
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** The parts of the browser that show whether somebody is present. */
export interface Page {
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  document: Pick<Document, 'visibilityState' | 'hasFocus' | 'addEventListener' | 'removeEventListener'>;
}

/** Whether the page is in front of the reader: the tab is shown, and has the focus or was used a moment ago. */
const isAttentive = (document: Page['document'], sinceUsedMs: number): boolean =>
  document.visibilityState === 'visible' && (document.hasFocus() || sinceUsedMs < PRESENT_MS);

/** Calls `onChange` immediately and whenever the result may have changed. Returns a function that stops it. */
export const watchAttention = (
  { window, document }: Page,
  onChange: (here: boolean) => void,
): (() => void) => {
  let usedAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = () => {
    const since = performance.now() - usedAt;
    onChange(isAttentive(document, since));
    clearTimeout(timer);
    if (since < PRESENT_MS) timer = setTimeout(update, PRESENT_MS - since);
  };
  const used = () => {
    const before = usedAt;
    usedAt = performance.now();
    if (usedAt - before > SIGN_MS) update();
  };
  update();
  window.addEventListener('focus', update);
  window.addEventListener('blur', update);
  document.addEventListener('visibilitychange', update);
  for (const sign of SIGNS) window.addEventListener(sign, used, { passive: true, capture: true });
  return () => {
    clearTimeout(timer);
    window.removeEventListener('focus', update);
    window.removeEventListener('blur', update);
    document.removeEventListener('visibilitychange', update);
    for (const sign of SIGNS) window.removeEventListener(sign, used, { capture: true });
  };
};

interface Reading {
  /** Whether the reader is present. */
  here: boolean;
  /** The greatest seq that has been on the screen at rest, or 0. */
  seenSeq: number;
  readSeq: number;
  /** It was marked as unread before it was opened, and not since. */
  wasMarked: boolean;
}

/** The read position to send, or null: only seen messages are read, and it never goes back (rule 7). */
export const positionToRead = ({ here, seenSeq, readSeq, wasMarked }: Reading): number | null => {
  if (!here || seenSeq === 0) return null;
  if (seenSeq > readSeq) return seenSeq;
  return wasMarked ? readSeq : null;
};
