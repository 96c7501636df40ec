/** Where the caret goes when the text around it is replaced: it stays with what follows or with what precedes it. */
export const caretAfter = (before: string, after: string, caret: number): number => {
  const tail = before.slice(caret);
  if (after.endsWith(before)) return after.length - tail.length;
  if (after.startsWith(before.slice(0, caret))) return caret;
  return after.endsWith(tail) ? after.length - tail.length : after.length;
};
