import { isUnspaced } from './characters.ts';
import type { Range } from './nodes.ts';

const ALLOWED = new Set(['http:', 'https:', 'mailto:']);

/**
 * The address of a link, or null if it is not allowed. Only absolute http, https and mailto addresses are; the
 * platform's own parser determines the scheme, so that ` java\nscript:` is recognised.
 */
export const safeHref = (href: string | undefined): string | null => {
  if (!href) return null;
  try {
    const url = new URL(href);
    if (!ALLOWED.has(url.protocol)) return null;
    if (url.protocol !== 'mailto:' && !url.hostname) return null;
    return url.href;
  } catch {
    return null;
  }
};

/** An address that stands in a text by itself. */
export interface Address extends Range {
  href: string;
}

const START = /https?:\/\/|www\.|@/gi;
/** What no address has in it: white space, brackets of angles, quotes, bars, signs of CJK texts, marks of direction. */
const STOP =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls end an address
  /[\s\u0000-\u001f\u007f-\u009f<>"`|\\\u00ab\u00bb\u200b-\u200f\u2018-\u201f\u2026\u2028-\u202e\u2060-\u206f\u3000-\u303f\u30fb\ufe30-\ufe4f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/;
const WORD = /[A-Za-z0-9]/;
const MAX_ADDRESS = 2_048;

/** Every bare address of a text, in order. `spend` is called with the number of characters examined. */
export const addressesIn = (text: string, spend: (steps: number) => void): Address[] => {
  const found: Address[] = [];
  START.lastIndex = 0;
  for (let match = START.exec(text); match; match = START.exec(text)) {
    const after = found.at(-1)?.to ?? 0;
    const address = match[0] === '@' ? emailAt(text, match.index, after, spend) : urlAt(text, match, spend);
    if (!address || address.from < after) continue;
    found.push(address);
    START.lastIndex = Math.max(START.lastIndex, address.to);
  }
  return found;
};

const urlAt = (text: string, match: RegExpExecArray, spend: (steps: number) => void): Address | null => {
  const from = match.index;
  const [scheme] = match;
  if (from > 0 && WORD.test(text.charAt(from - 1))) return null;
  const bare = scheme.toLowerCase() === 'www.';
  if (bare && /[-./@]/.test(text.charAt(from - 1))) return null;
  const hostFrom = from + (bare ? 0 : scheme.length);
  const end = endOf(text, from + scheme.length, hostFrom);
  spend(end - from);
  const to = trimmed(text, hostFrom, end);
  const shown = text.slice(from, to);
  const host = text.slice(hostFrom, to).split(/[/?#]/, 1)[0] ?? '';
  if (host === '' || (bare && !/^www\.[^.]+\.[^.]/i.test(host))) return null;
  const href = safeHref(bare ? `http://${shown}` : shown);
  return href ? { from, to, href } : null;
};

/** Where it ends at the latest: at what no address has, and where a Chinese sentence goes on behind a Latin letter. */
const endOf = (text: string, at: number, hostFrom: number): number => {
  const most = Math.min(text.length, at + MAX_ADDRESS);
  let inHost = true;
  let end = at;
  for (; end < most; end++) {
    const sign = text.charAt(end);
    if (STOP.test(sign) || (sign === ']' && text.charAt(end + 1) === '(')) break;
    if (inHost && /[/?#]/.test(sign)) inHost = false;
    if (sign > '\u02ff' && isUnspaced(sign)) {
      const before = text.charAt(end - 1);
      // A host in Chinese begins with it; a path has it behind a slash or another such letter.
      if (inHost ? end > hostFrom && WORD.test(before) : WORD.test(before)) break;
    }
  }
  return end;
};

const PAIRS: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** Without the signs at its end that belong to the sentence: stops, quotes, markers, a bracket that it has not opened. */
const trimmed = (text: string, from: number, end: number): number => {
  const open: Record<string, number> = {};
  for (let i = from; i < end; i++) {
    const sign = text.charAt(i);
    if (sign === '(' || sign === '[' || sign === '{') open[sign] = (open[sign] ?? 0) + 1;
    const pair = PAIRS[sign];
    if (pair) open[pair] = (open[pair] ?? 0) - 1;
  }
  let to = end;
  for (; to > from; to--) {
    const sign = text.charAt(to - 1);
    if (/[?!.,:;*_~'&]/.test(sign)) continue;
    const pair = PAIRS[sign];
    if (!pair || (open[pair] ?? 0) >= 0) break;
    open[pair] = (open[pair] ?? 0) + 1;
  }
  return to;
};

const LOCAL_MAX = 64;
const DOMAIN = /[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*/y;

const emailAt = (text: string, at: number, after: number, spend: (steps: number) => void): Address | null => {
  let from = at;
  while (from > after && at - from < LOCAL_MAX && /[A-Za-z0-9._%+-]/.test(text.charAt(from - 1))) from--;
  while (from < at && !WORD.test(text.charAt(from))) from++;
  spend(at - from + 1);
  if (from === at || (from > 0 && /[\w@/:.=]/.test(text.charAt(from - 1)))) return null;
  if (text.charAt(at - 1) === '.') return null;
  DOMAIN.lastIndex = at + 1;
  const domain = DOMAIN.exec(text.slice(0, at + 256))?.[0].replace(/[-.]+$/, '');
  if (!domain) return null;
  spend(domain.length);
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$/.test(domain)) return null;
  const to = at + 1 + domain.length;
  // `git@host:path` and `a@b/c` are addresses of something else.
  if (/^(?:[:/]\S|[@_\w])/.test(text.slice(to, to + 2))) return null;
  const href = safeHref(`mailto:${text.slice(from, to)}`);
  return href ? { from, to, href } : null;
};

/** Ends of hosts that people write without a scheme. */
const KNOWN_END = /\.(?:com|org|net|io|dev|app|gov|edu|info|co|cn|de|eu|fr|uk|jp|ru|us|me)$/i;

/**
 * Whether the words of a link name another host than its address: `[https://bank.example](https://other.example)`.
 * Such a link is shown as typed.
 */
export const namesAnotherHost = (words: string, href: string): boolean => {
  const bare = words.trim().toLowerCase();
  const match = /^(?:[a-z][a-z+.-]*:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]+)(?=[/:?#]|$)/u.exec(bare);
  const host = match?.[1];
  if (!host) return bare.includes('://');
  if (!bare.includes('://') && !bare.startsWith('www.') && !KNOWN_END.test(host)) return false;
  if (href.startsWith('mailto:')) return true;
  const strip = (name: string) => name.replace(/^www\./, '');
  return strip(host) !== strip(new URL(href).hostname);
};
