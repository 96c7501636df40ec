/**
 * Characters that show nothing by themselves: controls, white space, marks of direction, joiners, soft hyphens, fillers of
 * Hangul, variation selectors, tags, the blank Braille pattern, the null notehead, the place of an object.
 */
const BLANK = String.raw`\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\ufff9-\ufffc\u2800\u{1d159}\u{13430}-\u{1343f}`;
const SEEN = new RegExp(`[^${BLANK}]`, 'u');
/** The same, and more than marks that need a letter to stand on. */
const SEEN_IN_LINE = new RegExp(String.raw`[^${BLANK}\p{M}]`, 'u');

/** Whether there is anything to be seen in a text. */
export const isVisible = (text: string): boolean => SEEN.test(text);

/** The same for a name or a title: marks alone, such as an accent without its letter, do not count. */
export const isVisibleName = (text: string): boolean => SEEN_IN_LINE.test(text);

const HIDDEN = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffc\u2800\u{1d159}\u{13430}-\u{1343f}]/gu;
/** Scripts in which ZWNJ and ZWJ change how a word is written. */
const JOINING = String.raw`\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Nkoo}\p{sc=Mand}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Tibt}\p{sc=Mymr}\p{sc=Khmr}\p{sc=Limb}\p{sc=Java}\p{sc=Bali}\p{sc=Newa}`;
const JOINED_BEFORE = new RegExp(`[${JOINING}]$`, 'u');
const JOINED_AFTER = new RegExp(`^[${JOINING}]`, 'u');
/** A mark, such as a virama, may have a joiner even if no letter follows. */
const MARK_BEFORE = new RegExp(String.raw`(?=[${JOINING}])\p{M}$`, 'u');
const MONGOLIAN_BEFORE = /\p{sc=Mong}$/u;
const PICTURE_BEFORE = /[\p{Extended_Pictographic}\p{RI}]\p{EMod}?\ufe0f?$/u;
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;
/** What a variation selector can choose a form of. */
const VARIANT_BEFORE = /[\p{Extended_Pictographic}\p{RI}\p{sc=Han}\p{Sm}]$/u;
/** A flag of a region, such as that of Scotland: a black flag, then tags. */
const TAGS_BEFORE = /\u{1f3f4}[\u{e0020}-\u{e007e}]{0,8}$/u;

/** What the longest of these patterns needs, in UTF-16 units. */
const LOOKBEHIND = 24;

const isNeeded = (sign: string, before: string, after: string): boolean => {
  const code = sign.codePointAt(0) as number;
  if (code === 0x200d && PICTURE_BEFORE.test(before)) return PICTURE_AFTER.test(after);
  if (code === 0x200c || code === 0x200d)
    return MARK_BEFORE.test(before) || (JOINED_BEFORE.test(before) && JOINED_AFTER.test(after));
  if (code === 0xfe0f && /[0-9#*]$/.test(before)) return after.startsWith('\u20e3');
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef))
    return VARIANT_BEFORE.test(before);
  if ((code >= 0x180b && code <= 0x180f) || code === 0x180e) return MONGOLIAN_BEFORE.test(before);
  if (code >= 0xe0020 && code <= 0xe007f) return TAGS_BEFORE.test(before);
  return false;
};

/**
 * A name or a title without what is hidden in it. Kept are the signs that writing needs: joiners inside of emoji and of
 * Persian or Indic words, and selectors of the form of an emoji or an ideograph.
 */
export const withoutHidden = (text: string): string => {
  const kept: string[] = [];
  let before = '';
  let from = 0;
  const keep = (piece: string) => {
    kept.push(piece);
    before = (before + piece.slice(-LOOKBEHIND)).slice(-LOOKBEHIND);
  };
  for (const { 0: sign, index } of text.matchAll(HIDDEN)) {
    keep(text.slice(from, index));
    from = index + sign.length;
    if (isNeeded(sign, before, text.slice(from, from + 4))) keep(sign);
  }
  keep(text.slice(from));
  return kept.join('');
};
