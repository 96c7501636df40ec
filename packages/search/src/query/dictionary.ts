import type { Budget, Queryable } from '@lockstep/db';
import { editDistance } from '@lockstep/protocol';
import type { Term } from '../text/index.ts';
import { allowsTypos } from '../words.ts';
import type { Plan } from './plan.ts';

/** Maximum similar words per word. Far more than ever occur, so that words of other people cannot displace any. */
const MAX_NEAR = 400;
/** Ids are assigned before commit, so the ids just below the last one are read again. */
const OVERLAP = 200;
/** Words that are read in one statement. */
const PAGE = 10_000;
/** Maximum words in memory, at about 100 bytes each; further words do not match typos. */
const MAX_WORDS = 1_000_000;
/** Words compared between two checks of the clock: a fraction of a ms. */
const CHUNK = 2_000;

interface Bucket {
  words: string[];
  /** A bit for each letter of the word, folded into 32. */
  letters: number[];
}

/**
 * The words of the index in memory, for matching typos. Every word is compared, so none is missed; a letter mask
 * excludes nearly all quickly. Similar words only widen a query and are never shown; their hits are checked like any
 * other.
 */
export class Dictionary {
  #last = 0;
  #known = new Set<string>();
  #byLength = new Map<number, Bucket>();

  /** Reads the new words. If the budget ends first, the next call continues. */
  async refresh(client: Queryable, budget: Budget): Promise<void> {
    for (let from = Math.max(0, this.#last - OVERLAP); this.#known.size < MAX_WORDS; from = this.#last) {
      if (budget.isOver) return budget.cut();
      const { rows } = await client.query<{ id: number; word: string }>(
        `select id, word from search_word where id > $1 order by id limit ${PAGE}`,
        [from],
      );
      if (!(await budget.each(rows, ({ id, word }) => this.#add(id, word))) || rows.length < PAGE) return;
    }
  }

  #add(id: number, word: string): void {
    this.#last = Math.max(this.#last, id);
    if (this.#known.has(word)) return;
    this.#known.add(word);
    const bucket = this.#byLength.get(word.length) ?? { words: [], letters: [] };
    this.#byLength.set(word.length, bucket);
    bucket.words.push(word);
    bucket.letters.push(lettersOf(word));
  }

  /**
   * Words with one typo, or two in a long word, and words that contain it. If the budget ends, those found until
   * then.
   */
  async near(word: string, budget: Budget): Promise<string[]> {
    if (!allowsTypos(word, 3)) return [];
    const typos = word.length >= 8 ? 2 : 1;
    const mask = lettersOf(word);
    const found: string[] = [];
    await budget.each(this.#chunksFor(word, typos), ({ length, words, letters, from }) => {
      const isNear = Math.abs(length - word.length) <= typos;
      const end = Math.min(words.length, from + CHUNK);
      for (let i = from; i < end && found.length < MAX_NEAR; i++) {
        const other = words[i] as string;
        const different = bits(mask ^ (letters[i] as number));
        if (isNear && different <= 2 * typos && editDistance(word, other, typos) <= typos) found.push(other);
        else if (
          word.length > 3 &&
          length > word.length &&
          (mask & ~(letters[i] as number)) === 0 &&
          other.includes(word)
        )
          found.push(other);
      }
    });
    return found;
  }

  /** What can be near by its length, in pieces. */
  *#chunksFor(word: string, typos: number): Generator<Bucket & { length: number; from: number }> {
    for (const [length, bucket] of this.#byLength)
      if (length >= word.length - typos)
        for (let from = 0; from < bucket.words.length; from += CHUNK) yield { length, from, ...bucket };
  }
}

/** How many words of a query may have typos. */
const MAX_WIDENED = 12;

/** The plan with every word widened that allows typos; null if there is none. */
export const widen = async (plan: Plan, dictionary: Dictionary, budget: Budget): Promise<Plan | null> => {
  const texts = plan.terms.flatMap(({ parts, code }) =>
    parts
      .map((part) => part.texts[0] ?? '')
      .filter((text) => allowsTypos(text, code === null ? undefined : 3)),
  );
  const near = new Map<string, string[]>();
  for (const text of [...new Set(texts)].slice(0, MAX_WIDENED)) {
    const others = (await dictionary.near(text, budget)).filter((word) => word !== text);
    if (others.length > 0) near.set(text, others);
  }
  if (near.size === 0) return null;
  const terms = plan.terms.map((term): Term => {
    let widened = false;
    const parts = term.parts.map((part) => {
      const [text = ''] = part.texts;
      const others = near.get(text);
      widened ||= others !== undefined;
      return others ? { ...part, texts: [text, ...others] } : part;
    });
    // A code with a word that allows typos is searched by its adjacent words: dist-upgarde.
    return widened ? { ...term, parts, exact: false } : term;
  });
  return { ...plan, terms };
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
