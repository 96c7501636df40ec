import { Fragment, type ReactNode } from 'react';

/** Runs without a space, a line break or an ideograph; what is only ASCII is fast. In UTF-16 units. */
const LONG = 400;
const RUN = new RegExp(String.raw`[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]{${LONG},}`, 'gu');
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const ASCII = /^[\x00-\x7f]*$/;
/** A piece ends after so many units, or a few later where it would tear a character apart. */
const PIECE = 64;
const AT_MOST = 96;
/** What belongs to the character before it. */
const JOINS = /^(?:\p{M}|\p{Emoji_Modifier}|\u200d|[\ufe00-\ufe0f]|[\u{e0020}-\u{e007f}])/u;
const FLAG = /^\p{Regional_Indicator}/u;

/**
 * A text with places to break it in runs that have none: thousands of commas, vowel signs or skin tones without a space
 * take browsers seconds to shape and to break into lines. Nothing is added to what is read or copied.
 */
export const breakable = (text: string): ReactNode => {
  if (text.length < LONG || ASCII.test(text)) return text;
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (ASCII.test(run)) continue;
    pieces.push(text.slice(at, index));
    for (const piece of piecesOf(run))
      pieces.push(
        <Fragment key={pieces.length}>
          <wbr />
          {piece}
        </Fragment>,
      );
    at = index + run.length;
  }
  if (at === 0) return text;
  return [...pieces, text.slice(at)];
};

const piecesOf = (run: string): string[] => {
  const pieces: string[] = [];
  let piece = '';
  let flags = 0;
  for (const character of run) {
    const isFlag = FLAG.test(character);
    const joins = JOINS.test(character) || piece.endsWith('\u200d') || (isFlag && flags % 2 === 1);
    if (piece.length >= AT_MOST || (piece.length >= PIECE && !joins)) {
      pieces.push(piece);
      piece = '';
      flags = 0;
    }
    piece += character;
    flags = isFlag ? flags + 1 : 0;
  }
  pieces.push(piece);
  return pieces;
};
