interface Line {
  readonly text: string;
  /** The same in two texts for the same line: equal ones of one text are counted. */
  readonly key: string;
}

const linesOf = (text: string): Line[] => {
  const counts = new Map<string, number>();
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const n = (counts.get(line) ?? 0) + 1;
    counts.set(line, n);
    return { text: line, key: `${n} ${line}` };
  });
};

const keysOf = (...texts: string[]) => new Set(texts.flatMap(linesOf).map(({ key }) => key));

/**
 * One draft that two devices have changed without knowing of one another: what each has added stays, what either has
 * taken away (or sent) goes, line by line, as docs/sync.md has it. `base` is what both began with; `tried` are texts of
 * this device that the server may have stored in between.
 */
export const mergeDrafts = (
  base: string,
  theirs: string,
  own: string,
  tried: readonly string[] = [],
): string => {
  if (theirs === base || theirs === own) return own;
  // Both went on with the same words.
  if (theirs.includes(base) && own.includes(theirs)) return own;
  if ([base, ...tried].every((text) => own.includes(text)) && theirs.includes(own)) return theirs;
  const [before, ours] = [keysOf(base), keysOf(own)];
  const removed = new Set([...keysOf(base, ...tried)].filter((key) => !ours.has(key)));
  const lines = linesOf(theirs);
  const result = lines.filter(({ key }) => !removed.has(key));
  const isShorter = result.length < lines.length;
  // New lines stand before the line that they stood before, or at the end.
  let at = result.length;
  for (const line of linesOf(own).reverse()) {
    const there = result.findIndex(({ key }) => key === line.key);
    if (there >= 0) at = there;
    else if (!before.has(line.key)) result.splice(at, 0, line);
  }
  const text = result.map((line) => line.text).join('\n');
  return isShorter ? text.replaceAll(/^\n+|\n+$/g, '') : text;
};
