let pressing = false;
let focused: EventTarget | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

const onPress = (event: Event) => {
  pressing = true;
  clearTimeout(timer);
  // What has the focus already, and is pressed, has it by the pointer from now on.
  const active = document.activeElement;
  if (active && event.target instanceof Node && active.contains(event.target)) focused = active;
};
/** A click comes after the release, and what it runs may move the focus too. */
const onRelease = () => {
  timer = setTimeout(() => {
    pressing = false;
  });
};
const onKey = () => {
  pressing = false;
};
const onFocus = (event: FocusEvent) => {
  focused = pressing ? event.target : null;
};

/** Begins to notice how the focus comes to where it is. Returns what ends it. */
export const watchFocus = (): (() => void) => {
  const events: [string, (event: never) => void][] = [
    ['pointerdown', onPress],
    ['pointerup', onRelease],
    ['pointercancel', onRelease],
    ['keydown', onKey],
    ['focusin', onFocus],
  ];
  for (const [type, listener] of events)
    window.addEventListener(type, listener as EventListener, { capture: true, passive: true });
  return () => {
    for (const [type, listener] of events)
      window.removeEventListener(type, listener as EventListener, { capture: true });
  };
};

/**
 * Whether the focus is where it is by a click or a touch. Then letters are meant as text: what a key does to a row or a
 * message is only for who has come there with the keyboard.
 */
export const isFocusByPointer = (): boolean => focused !== null && focused === document.activeElement;
