import { likeText } from '@lockstep/db';
import { isAscii } from '@lockstep/protocol';
import type { Params } from '../postgres/conditions.ts';
import type { Plan } from '../query/plan.ts';

/** What joins the parts of an emoji: the store folds it away. */
const JOINERS = /[\u200d\u20e3\u{e0020}-\u{e007f}]|\p{EMod}/gu;

/** Any two adjacent characters of a folded text, as the function `history_grams` of the store gives them. */
export const gramsOf = (folded: string): string[] => {
  const characters = [...folded.replace(JOINERS, '')];
  const grams = characters.slice(0, -1).map((one, i) => one + characters[i + 1]);
  return [...new Set(grams)].filter((gram) => !/[\s\p{Cc}]/u.test(gram));
};

/**
 * What `message_version v` must have of each word, so that more may be left than fit, and never less. `indexed`: by pairs
 * of characters, which an index finds. `plain`: of words that have none, such as the digits of a version, a look at each.
 */
export const gramConditions = ({ terms }: Plan, params: Params): { indexed: string[]; plain: string[] } => {
  const indexed: string[] = [];
  const plain: string[] = [];
  for (const { parts, code } of terms) {
    const texts = parts.filter((part) => part.texts.length === 1).map((part) => part.texts[0] as string);
    const choices = [texts.flatMap(gramsOf), ...(code === null ? [] : [gramsOf(code)])];
    if (choices.every((grams) => grams.length > 0)) {
      const each = choices.map(
        (grams) => `history_grams(v.body) @> ${params.add([...new Set(grams)], 'text[]')}`,
      );
      indexed.push(`(${each.join(' or ')})`);
    } else {
      // A code has the words that it is made of, in this order.
      const like = texts.every(isAscii)
        ? ` or v.body ilike ${params.add(`%${texts.map(likeText).join('%')}%`)}`
        : '';
      plain.push(`(octet_length(v.body) <> char_length(v.body)${like})`);
    }
  }
  return { indexed, plain };
};
