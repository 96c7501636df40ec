/** What the person wants of Enter; `auto`: it sends where there is a real keyboard. */
export type EnterChoice = 'auto' | 'send' | 'line';

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;

/** Whether the caret stands inside of a block of code: after the line that opens its fence, and before the one that closes it. */
export const isInFence = (text: string, caret: number): boolean => {
  let open: string | null = null;
  for (const line of text.slice(0, caret).split('\n')) {
    const fence = FENCE.exec(line)?.[1];
    if (!fence) continue;
    if (open === null) open = fence;
    else if (fence[0] === open[0] && fence.length >= open.length && line.trim() === fence) open = null;
  }
  return open !== null;
};

interface Enter {
  shiftKey: boolean;
  altKey: boolean;
  /** Ctrl, or ⌘ on a Mac. */
  command: boolean;
}

/** Whether Enter sends; otherwise it begins a line. Shift and Alt always begin one, Ctrl or ⌘ always sends. */
export const enterSends = (
  { shiftKey, altKey, command }: Enter,
  { choice, touch, inFence }: { choice: EnterChoice; touch: boolean; inFence: boolean },
): boolean => {
  if (shiftKey || altKey) return false;
  if (command) return true;
  return !inFence && (choice === 'send' || (choice === 'auto' && !touch));
};
