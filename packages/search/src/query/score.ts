import type { Message } from '@lockstep/protocol';
import { type Steps, textOf } from '../text/index.ts';
import type { Plan } from './plan.ts';

const HALF_LIFE_MS = 180 * 86_400_000;
/** Words further apart than this are as far apart as can be. */
const FAR = 1_000;

/**
 * The relevance of a matching message, 0 to about 3: higher if its words occur often and close together in a short
 * text, and if it is recent.
 */
export const scoreOf = (message: Message, { terms }: Plan, now: number, steps?: Steps): number => {
  const text = textOf(message.body ?? '', steps);
  const positions = terms.map((term) => text.occurrences(term).map((tokens) => tokens[0]?.at ?? 0));
  const length = Math.max(1, text.tokens.length);
  const often = mean(positions.map((found) => 1 - 0.5 ** Math.max(1, found.length)));
  const close = terms.length > 1 ? terms.length / (terms.length + spread(positions, steps)) : 1;
  const dense = 1 / (1 + Math.log2(1 + length / (4 * Math.max(1, terms.length))));
  const recent = 0.5 ** (Math.max(0, now - message.createdAt) / HALF_LIFE_MS);
  return often + close + dense + 0.2 * recent;
};

const mean = (values: number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * How far apart the words stand at best: the distance from the first word to the nearest of each other one. All lists
 * ascend, so each is walked once beside the first.
 */
const spread = ([first = [], ...others]: number[][], steps: Steps = { taken: 0 }): number => {
  if (first.length === 0) return FAR;
  const sums = first.map(() => 0);
  for (const positions of others) {
    let next = 0;
    for (const [i, start] of first.entries()) {
      while (next < positions.length && (positions[next] as number) < start) next++;
      const after = (positions[next] ?? Number.POSITIVE_INFINITY) - start;
      const before = start - (positions[next - 1] ?? Number.NEGATIVE_INFINITY);
      sums[i] = (sums[i] as number) + Math.max(0, Math.min(before, after, FAR) - 1);
    }
    steps.taken += first.length + positions.length;
  }
  return Math.min(...sums);
};
