export interface Piece {
  text: string;
  kind: 'same' | 'gone' | 'new';
}

/** Words, spaces and signs; each ideograph by itself. */
const tokens = (text: string): string[] => text.match(/\p{Script=Han}|[\p{L}\p{N}_]+|\s+|[^\s]/gu) ?? [];
/** Above this number of word pairs two texts are shown in full, one after the other. */
const MAX_PAIRS = 500_000;
/** Of all versions of a message together: some 30 ms. */
const MAX_PAIRS_IN_ALL = 3_000_000;

const whole = (before: string, after: string): Piece[] => [
  { text: before, kind: 'gone' },
  { text: after, kind: 'new' },
];

/**
 * What each version of a text changed in the one before it; the first is all new. The newest are compared word by word,
 * until together they have cost too much.
 */
export const diffVersions = (versions: readonly string[]): Piece[][] => {
  let left = MAX_PAIRS_IN_ALL;
  const diffs: Piece[][] = [];
  for (let i = versions.length - 1; i > 0; i--) {
    const [before = '', after = ''] = [versions[i - 1], versions[i]];
    const pairs = left > 0 ? tokens(before).length * tokens(after).length : 0;
    left -= Math.min(pairs, MAX_PAIRS);
    diffs[i] = left > 0 ? diffWords(before, after) : whole(before, after);
  }
  diffs[0] = [{ text: versions[0] ?? '', kind: 'same' }];
  return diffs;
};

/** The word diff of two texts, by their longest common subsequence. */
export const diffWords = (before: string, after: string): Piece[] => {
  const a = tokens(before);
  const b = tokens(after);
  if (a.length * b.length > MAX_PAIRS) return whole(before, after);
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
