import type { Message } from '@lockstep/protocol';
import { Text } from '../text/index.ts';
import type { Plan } from './plan.ts';

const HALF_LIFE_MS = 180 * 86_400_000;

/**
 * How well a message that fits answers, 0 to about 3: its words often and close together, in a text that is not about
 * much else, and recent among equals.
 */
export const scoreOf = (message: Message, { terms }: Plan, now: number): number => {
  const text = new Text(message.body ?? '');
  const places = terms.map((term) => text.occurrences(term).map((tokens) => tokens[0]?.at ?? 0));
  const length = Math.max(1, text.tokens.length);
  const often = mean(places.map((found) => 1 - 0.5 ** Math.max(1, found.length)));
  const close = terms.length > 1 ? terms.length / (terms.length + spread(places)) : 1;
  const dense = 1 / (1 + Math.log2(1 + length / (4 * Math.max(1, terms.length))));
  const recent = 0.5 ** (Math.max(0, now - message.createdAt) / HALF_LIFE_MS);
  return often + close + dense + 0.2 * recent;
};

const mean = (values: number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** How far apart the words stand at best: the distance from the first word to the nearest of each other one. */
const spread = ([first = [], ...others]: number[][]): number => {
  let least = Number.POSITIVE_INFINITY;
  for (const start of first) {
    const far = others.map((places) => Math.min(...places.map((place) => Math.abs(place - start)), 1_000));
    least = Math.min(
      least,
      far.reduce((sum, value) => sum + Math.max(0, value - 1), 0),
    );
  }
  return Number.isFinite(least) ? least : 1_000;
};
