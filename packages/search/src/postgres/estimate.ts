import type { Plan } from '../query/plan.ts';
import { traitLexeme } from '../text/index.ts';
import type { Read } from './frequencies.ts';

/** Reading an entry of the index of words costs less than looking at the words of a row that is there anyway. */
const ROW_PER_ENTRY = 1.3;

/**
 * Whether it costs less to look at each of `rows` rows than to read the index of words. That one has the hits of
 * everybody: of a frequent word or beginning many more than one person's conversations have messages.
 */
export const isWalkCheaper = (plan: Plan, read: Read, rows: number): boolean => {
  // A code is looked for by trigrams, and there are few of any.
  if (plan.terms.some(({ code }) => code !== null)) return false;
  const entries = entriesOf(plan, read);
  return entries !== null && entries > rows * ROW_PER_ENTRY;
};

/**
 * Entries of the index of words that are read for a plan, about; null when it asks for no words. Of words that must all
 * be there, those of the rarest are read and the others skipped through; of a beginning all, whatever stands beside it.
 */
const entriesOf = ({ terms, traits }: Plan, { rows, share, shareOfPrefix }: Read): number | null => {
  let beginnings = 0;
  let rarest: number | null = null;
  for (const { parts } of terms)
    for (const { texts, prefix } of parts) {
      const shares = texts.reduce((sum, text) => sum + (prefix ? shareOfPrefix(text) : share(text)), 0);
      if (prefix) beginnings += shares;
      else rarest = Math.min(rarest ?? shares, shares);
    }
  for (const trait of traits) rarest = Math.min(rarest ?? 1, share(traitLexeme(trait)));
  if (rarest === null && beginnings === 0) return null;
  return Math.max(rarest ?? 0, beginnings) * rows;
};
