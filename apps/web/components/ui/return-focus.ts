/**
 * Gives the focus back to what opened something that has closed, unless the person has gone on to something else while it
 * faded away.
 */
export const returnFocus = (element: HTMLElement | null | undefined): void => {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) element?.focus({ preventScroll: true });
};
