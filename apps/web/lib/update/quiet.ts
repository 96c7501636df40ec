/** Nobody has touched the page for that long, in ms. */
const QUIET_MS = 2_000;

let isComposing = false;
let usedAt = Number.NEGATIVE_INFINITY;

if (typeof window !== 'undefined') {
  const listen = (types: string[], listener: () => void) => {
    for (const type of types) window.addEventListener(type, listener, { capture: true, passive: true });
  };
  listen(['compositionstart'], () => {
    isComposing = true;
  });
  listen(['compositionend', 'focusout'], () => {
    isComposing = false;
  });
  listen(['keydown', 'input', 'pointerdown'], () => {
    usedAt = performance.now();
  });
}

/** Where something may be under way that does not survive a reload; fields in `data-kept` keep their text. */
const OPEN = '[role="dialog"], [role="alertdialog"], [role="menu"]';
const FIELDS = 'textarea, input:not([type="checkbox"], [type="radio"], [type="hidden"])';

/** Whether the page may be loaded anew without taking anything from anybody's hands. */
export const isQuiet = (): boolean =>
  !isComposing &&
  performance.now() - usedAt >= QUIET_MS &&
  !document.querySelector(OPEN) &&
  [...document.querySelectorAll<HTMLInputElement>(FIELDS)].every(
    (field) => field.value === '' || field.closest('[data-kept]') !== null,
  );
