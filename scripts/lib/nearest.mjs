/** How many letters have to be typed otherwise (one more, one less, another one, two swapped) to make `b` out of `a`. */
const distance = (a, b) => {
  let before = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        last[j] + 1,
        row[j - 1] + 1,
        last[j - 1] + other,
        swapped ? before[j - 2] + 1 : Infinity,
      );
    }
    before = last;
    last = row;
  }
  return last[b.length];
};

/**
 * The one of `words` that `word` was probably meant to be: at most two letters off, one where the word is short.
 * Null when none is that near.
 *
 * @param {string} word
 * @param {readonly string[]} words
 * @returns {string | null}
 */
export const nearest = (word, words) => {
  const [best] = words
    .map((known) => ({ known, off: distance(word, known) }))
    .filter(({ known, off }) => off <= (known.length < 5 ? 1 : 2))
    .sort((one, other) => one.off - other.off);
  return best?.known ?? null;
};
