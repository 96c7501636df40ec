/** Hue of an id: stable on every device, spread over the circle (FNV-1a). */
export const hueOf = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % 360;
};

/** One or two letters for a name: of its first and last word, or the last two characters of a Chinese name. Without letters, its first sign. */
export const initialsOf = (name: string): string => {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = (word: string | undefined) => [...(word ?? '').replace(/[^\p{L}\p{N}]/gu, '')];
  const first = letters(words[0]);
  if (first.length > 1 && /\p{Script=Han}/u.test(first[0] ?? '')) return first.slice(-2).join('');
  const last = words.length > 1 ? letters(words.at(-1))[0] : undefined;
  return `${first[0] ?? [...name.trim()][0] ?? ''}${last ?? ''}`.toUpperCase();
};
