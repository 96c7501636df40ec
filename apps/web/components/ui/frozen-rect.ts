/** What a popover can stand beside without being its child. */
export interface Anchor {
  getBoundingClientRect(): DOMRect;
}

/** For a popover that was never opened. */
export const NOWHERE: Anchor = { getBoundingClientRect: () => new DOMRect() };

/** Where an element stands, also once it has been scrolled away and unmounted. */
export const frozenRect = (element: HTMLElement): Anchor => {
  let rect = element.getBoundingClientRect();
  return {
    getBoundingClientRect: () => {
      if (element.isConnected) rect = element.getBoundingClientRect();
      return rect;
    },
  };
};
