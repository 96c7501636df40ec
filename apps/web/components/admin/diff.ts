export interface Piece {
  text: string;
  kind: 'same' | 'gone' | 'new';
}

/** Words, spaces and signs; each ideograph by itself. */
const tokens = (text: string): string[] => text.match(/\p{Script=Han}|[\p{L}\p{N}_]+|\s+|[^\s]/gu) ?? [];
/** Past this many pairs of words the two texts are shown whole, one after the other. */
const MAX_PAIRS = 1_000_000;

/** What was done to a text, word by word: the longest words common to both stay. */
export const diffWords = (before: string, after: string): Piece[] => {
  const a = tokens(before);
  const b = tokens(after);
  if (a.length * b.length > MAX_PAIRS)
    return [
      { text: before, kind: 'gone' },
      { text: after, kind: 'new' },
    ];
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const pieces: Piece[] = [];
  const add = (text: string, kind: Piece['kind']) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ text, kind });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add(a[i++] as string, 'same');
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    )
      add(a[i++] as string, 'gone');
    else add(b[j++] as string, 'new');
  }
  return pieces;
};
