/** What of a key event, the browser's or React's, is looked at here. */
export interface Key {
  key: string;
  code: string;
  /** 229: the key was for an input method. Safari says only so of the Enter that ends a composition. */
  keyCode: number;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing?: boolean;
  nativeEvent?: { isComposing: boolean };
}

/** Whether a key is for the input method that composes a word (Chinese, Japanese, Korean): a field leaves it alone. */
export const isComposing = (event: Pick<Key, 'keyCode' | 'isComposing' | 'nativeEvent'>): boolean =>
  Boolean(event.isComposing ?? event.nativeEvent?.isComposing) || event.keyCode === 229;

/**
 * The letter that a shortcut means, in lower case; null for other keys. Where the layout has letters that are not Latin
 * (Cyrillic, Greek, Hebrew, …), it is the one that stands on the same key of a Latin keyboard.
 */
export const letterOf = ({ key, code }: Pick<Key, 'key' | 'code'>): string | null => {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  // AltGr and dead keys give signs, which are meant as they are.
  if (!/^\p{L}$/u.test(key) || /^\p{Script=Latin}$/u.test(key)) return null;
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? null;
};

export const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** ⌘ on Apple's systems, where Ctrl moves the caret; Ctrl elsewhere. */
export const hasCommand = ({ ctrlKey, metaKey }: Pick<Key, 'ctrlKey' | 'metaKey'>, apple = isApple()) =>
  apple ? metaKey && !ctrlKey : ctrlKey && !metaKey;

/** How that key is called, to stand before a letter. */
export const commandName = (): string => (isApple() ? '⌘' : 'Ctrl ');

/** Whether the caret stands in a text field with a text in it. */
export const isWriting = (target: EventTarget | null): boolean =>
  (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) && target.value !== '';
