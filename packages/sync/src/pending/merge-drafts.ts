interface Line {
  readonly text: string;
  /** Identifies a line in two texts; equal lines of one text are numbered. */
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
 * Merges a draft that two devices changed concurrently, line by line (docs/sync.md): lines added by either stay,
 * lines removed or sent by either go. `base` is the common base; `tried` are texts of this device that the server may
 * have stored in between.
 */
export const mergeDrafts = (
  base: string,
  theirs: string,
  own: string,
  tried: readonly string[] = [],
): string => {
  if (theirs === base || theirs === own) return own;
  // Both continued from the same words.
  if (theirs.includes(base) && own.includes(theirs)) return own;
  if ([base, ...tried].every((text) => own.includes(text)) && theirs.includes(own)) return theirs;
  const [baseKeys, ownKeys] = [keysOf(base), keysOf(own)];
  const removed = new Set([...keysOf(base, ...tried)].filter((key) => !ownKeys.has(key)));
  const lines = linesOf(theirs);
  const result = lines.filter(({ key }) => !removed.has(key));
  const isShorter = result.length < lines.length;
  // Each new line is inserted before the line that followed it, or at the end.
  let at = result.length;
  for (const line of linesOf(own).reverse()) {
    const there = result.findIndex(({ key }) => key === line.key);
    if (there >= 0) at = there;
    else if (!baseKeys.has(line.key)) result.splice(at, 0, line);
  }
  const text = result.map((line) => line.text).join('\n');
  return isShorter ? text.replaceAll(/^\n+|\n+$/g, '') : text;
};
