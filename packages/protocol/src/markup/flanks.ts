import {
  characterAfter,
  characterBefore,
  isCjkSign,
  isClosing,
  isOpening,
  isUnspaced,
  type Side,
  sideAfter,
  sideBefore,
} from './characters.ts';

/** A run of one of the signs `*`, `_`, `~` that may begin or end a formatting. */
export interface Delimiter {
  sign: string;
  /** How many signs; of an escaped run without its backslashes. */
  count: number;
  before: Side;
  after: Side;
  canOpen: boolean;
  canClose: boolean;
}

/**
 * Whether a run of signs may begin or end a formatting, by what stands beside it. `from` and `to` are where the run
 * stands; `clusterFrom` and `clusterTo` take in the signs of other runs that it touches: `**_both_**`.
 */
export const delimiterAt = (
  text: string,
  run: { sign: string; count: number; from: number; to: number },
  clusterFrom: number,
  clusterTo: number,
): Delimiter => {
  const { sign, count } = run;
  const isFormat = sign === '~' ? count === 2 : count <= 3;
  const double = count > 1;
  const before = sideBefore(text, clusterFrom);
  const after = sideAfter(text, clusterTo);
  const next = run.to < clusterTo ? 'a' : characterAfter(text, clusterTo);
  const last = run.from > clusterFrom ? 'a' : characterBefore(text, clusterFrom);
  return {
    sign,
    count,
    before,
    after,
    canOpen: isFormat && beginsWell(next, last, double) && opensBeside(before, next, sign, double),
    canClose: isFormat && endsWell(last, next, double) && closesBeside(after, last, sign, double),
  };
};

/** Letters of scripts without spaces are enough for the doubled signs, on either side; `_` stays inside of names. */
const opensBeside = (before: Side, next: string, sign: string, double: boolean): boolean =>
  before === 'free' ||
  (before === 'unspaced' && sign !== '_') ||
  (double && sign !== '_' && (isUnspaced(next) || isCjkSign(next)));

const closesBeside = (after: Side, last: string, sign: string, double: boolean): boolean =>
  after === 'free' ||
  (after === 'unspaced' && sign !== '_') ||
  (double && sign !== '_' && (isUnspaced(last) || isCjkSign(last)));

/** Not in front of a space or of what ends something: `*.js`, `"*"`, `(*)`, glob patterns. */
const beginsWell = (next: string, last: string, double: boolean): boolean => {
  if (next === '' || /^\s/.test(next) || next === '/') return false;
  if (isClosing(next) && !(isOpening(next) && next !== last)) return false;
  return !/[,;:!?]/.test(next) && (double || next !== '.');
};

const endsWell = (last: string, next: string, double: boolean): boolean => {
  if (last === '' || /^\s/.test(last) || last === '/') return false;
  if (isOpening(last) && !(isClosing(last) && next !== last)) return false;
  return double || last !== '\\';
};
