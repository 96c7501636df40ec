/** A source of numbers in [0, 1). */
export type Random = () => number;

/** Same seed, same numbers: mulberry32 (Tommy Ettinger, public domain). */
export const seeded = (seed: number): Random => {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/**
 * A source of its own for each name below one seed: what one device draws is the same whatever the others do, so that a
 * failing run stays the same run while it is shrunk (FNV-1a of the names).
 */
export const streamOf = (seed: number, ...names: (string | number)[]): Random => {
  let hash = 0x811c9dc5 ^ seed;
  for (const unit of names.join('/')) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return seeded(hash);
};

export const pick = <T>(random: Random, from: readonly T[]): T | undefined =>
  from[Math.floor(random() * from.length)];

/** An integer in [0, below). */
export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/**
 * Ids in the form of a UUID. All of one seed begin with the seed, so that runs share a database, and their order does
 * not depend on what ran before.
 */
export const idsOf = (seed: number, random: Random) => (): string => {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${(seed >>> 0).toString(16).padStart(8, '0')}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
};
