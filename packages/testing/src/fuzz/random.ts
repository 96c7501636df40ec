import { streamOf } from '../sim/random.ts';

/** Choices that are the same for the same seed. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** True in that share of cases, 0 to 1. */
  chance(share: number): boolean;
  /** Throws when there is nothing to pick from. */
  pick<T>(from: readonly T[]): T;
  /** Up to `most` of them, short lists more often than long ones. */
  list<T>(most: number, make: () => T): T[];
  bytes(count: number): Buffer;
}

/** The source of one run: what it draws depends on neither the runs before it nor their number. */
export const randomOf = (seed: number, ...names: (string | number)[]): Random => {
  const next = streamOf(seed, ...names);
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new Error('Nothing to pick from');
    return from[below(from.length)] as T;
  };
  return {
    next,
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (share) => next() < share,
    pick,
    list: (most, make) => Array.from({ length: Math.floor(next() * next() * (most + 1)) }, make),
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
};
