import type { Queryable } from '@lockstep/db';
import { slipsBetween } from '@lockstep/protocol';
import type { Term } from '../text/index.ts';
import { isForgivable } from '../words.ts';
import type { Plan } from './plan.ts';

/** Words that one word is widened to at most. Far more than are ever near, so that words of others do not push out any. */
const MAX_NEAR = 400;
/** Ids are given before they are committed: those just below the last are looked at again. */
const OVERLAP = 200;

interface Bucket {
  words: string[];
  /** A bit for each letter of the word, folded into 32. */
  letters: number[];
}

/**
 * The words of the index in memory, to forgive slips of the pen. Every word is compared, so none is missed: a look at
 * the letters rules out nearly all. It widens a query and is never shown: whatever is found by it is checked as any hit.
 */
export class Dictionary {
  #last = 0;
  #known = new Set<string>();
  #byLength = new Map<number, Bucket>();

  async refresh(client: Queryable): Promise<void> {
    const { rows } = await client.query<{ id: number; word: string }>(
      'select id, word from search_word where id > $1 order by id',
      [Math.max(0, this.#last - OVERLAP)],
    );
    for (const { id, word } of rows) {
      this.#last = Math.max(this.#last, id);
      if (this.#known.has(word)) continue;
      this.#known.add(word);
      const bucket = this.#byLength.get(word.length) ?? { words: [], letters: [] };
      this.#byLength.set(word.length, bucket);
      bucket.words.push(word);
      bucket.letters.push(lettersOf(word));
    }
  }

  /** Words that differ by one slip, or two in a long word, and words that have it inside. */
  near(word: string): string[] {
    if (!isForgivable(word)) return [];
    const slips = word.length >= 8 ? 2 : 1;
    const mask = lettersOf(word);
    const found: string[] = [];
    for (const [length, { words, letters }] of this.#byLength) {
      const isNear = Math.abs(length - word.length) <= slips;
      if (!isNear && length < word.length) continue;
      for (let i = 0; i < words.length; i++) {
        const other = words[i] as string;
        const different = bits(mask ^ (letters[i] as number));
        if (isNear && different <= 2 * slips && slipsBetween(word, other, slips) <= slips) found.push(other);
        else if (length > word.length && (mask & ~(letters[i] as number)) === 0 && other.includes(word))
          found.push(other);
      }
    }
    return found.slice(0, MAX_NEAR);
  }
}

/** The same plan with every word that can be forgiven widened; null when there is none to widen. */
export const widen = (plan: Plan, dictionary: Dictionary): Plan | null => {
  let widened = false;
  const terms = plan.terms.map((term): Term => {
    if (term.code !== null) return term;
    const parts = term.parts.map((part) => {
      const [text = ''] = part.texts;
      const near = dictionary.near(text).filter((word) => word !== text);
      if (near.length === 0) return part;
      widened = true;
      return { ...part, texts: [text, ...near] };
    });
    return { ...term, parts };
  });
  return widened ? { ...plan, terms } : null;
};

const lettersOf = (word: string): number => {
  let mask = 0;
  for (let i = 0; i < word.length; i++) mask |= 1 << (word.charCodeAt(i) & 31);
  return mask;
};

const bits = (value: number): number => {
  let n = value - ((value >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
};
