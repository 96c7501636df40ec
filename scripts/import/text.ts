import { isVisible } from '@lockstep/protocol';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes 80 to 9F in Windows-1252; the rest is Latin-1. Node 20's own TextDecoder takes these for Latin-1, too. */
const FROM_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const windows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (char) => FROM_80.charAt(char.charCodeAt(0) - 0x80));

/** Text of one line's bytes: UTF-8, or Windows-1252 where it is not, as IRC clients of the time sent either. */
export const decode = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252(bytes);
  }
};

/** mIRC's colours (`^C` and up to two numbers, `^D` and hex): the digits belong to the code, not to the text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const COLOURS = /\u0003(?:\d{1,2}(?:,\d{1,2})?)?|\u0004(?:[\dA-Fa-f]{6})?/g;

/** What parts words as a space does: NUL, other ends of lines and pages, separators. */
const SEPARATORS = String.raw`\0\v\f\r\x1c\x85\u2028\u2029`;
const BETWEEN_WORDS = new RegExp(`(?<!^|[\\s${SEPARATORS}])[${SEPARATORS}]+(?![\\s${SEPARATORS}]|$)`, 'g');
const ALL_SEPARATORS = new RegExp(`[${SEPARATORS}]`, 'g');
const OTHER_CONTROLS = new RegExp(`(?![\\t${SEPARATORS}])\\p{Cc}`, 'gu');

/**
 * The text without formatting codes and other control characters; tabs stay. Where one of them parted two words, a space
 * does. Halves of surrogate pairs become U+FFFD.
 */
export const withoutControls = (text: string): string =>
  text
    .replace(COLOURS, '')
    .replace(OTHER_CONTROLS, '')
    .replace(BETWEEN_WORDS, ' ')
    .replace(ALL_SEPARATORS, '')
    .toWellFormed();

/** Pieces of at most `max` code points: a line that is too long becomes several messages, and nothing is lost. */
export const split = (text: string, max: number): string[] => {
  if (text.length <= max) return [text];
  const points = [...text];
  const pieces: string[] = [];
  for (let start = 0; start < points.length; start += max)
    pieces.push(points.slice(start, start + max).join(''));
  return pieces.filter(isVisible);
};

/** The bytes of each line, without its line end. The last one is left out when the file ends with a line end. */
export function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  const LF = 10;
  const CR = 13;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found;
    yield bytes.subarray(start, end > start && bytes[end - 1] === CR ? end - 1 : end);
    start = end + 1;
  }
}
