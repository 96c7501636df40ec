import type { Markup } from '../../src/markup/index.ts';
import { leaves } from './show.ts';

/** What may be taken out of a text: signs, spaces, and nothing that is read. */
const SIGNS = /^[\s*_~`[\]()!>#|:\\-]*$/;

/**
 * What is wrong with how a text is shown; null when nothing is: what is shown are slices of it, in its order, each
 * character once, and between them are only signs of formatting.
 */
export const infidelity = (text: string, markup: Markup): string | null => {
  let at = 0;
  for (const { from, to } of [...leaves(markup), { from: text.length, to: text.length }]) {
    if (from < at || to < from) return `${from} to ${to} comes after ${at}`;
    const taken = text.slice(at, from);
    if (!SIGNS.test(taken)) return `${JSON.stringify(taken)} is not shown`;
    at = to;
  }
  return null;
};
