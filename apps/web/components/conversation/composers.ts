interface Composer {
  view: HTMLElement;
  field: HTMLElement;
}

/** The composers in the page; the one whose view was used last comes last. */
let composers: readonly Composer[] = [];

/** Registers a composer while its conversation view is shown. Returns a function that unregisters it. */
export const addComposer = (view: HTMLElement, field: HTMLElement): (() => void) => {
  const registered = { view, field };
  const others = () => composers.filter((each) => each !== registered);
  const used = () => {
    composers = [...others(), registered];
  };
  used();
  view.addEventListener('focusin', used);
  view.addEventListener('pointerdown', used, { capture: true, passive: true });
  return () => {
    composers = others();
    view.removeEventListener('focusin', used);
    view.removeEventListener('pointerdown', used, { capture: true });
  };
};

/** The composer that receives keys typed outside of fields: that of the conversation view used last. */
export const lastUsedComposer = (): HTMLElement | null => composers.at(-1)?.field ?? null;
