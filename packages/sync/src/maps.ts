/**
 * A map with no other reference yet, so it may be changed in place instead of being copied for each of a thousand
 * entries.
 */
export class OpenMap<K, V> extends Map<K, V> {}

const opened = <K, V>(map: ReadonlyMap<K, V>): Map<K, V> => (map instanceof OpenMap ? map : new Map(map));

export const withKey = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  map.get(key) === value && map.has(key) ? map : opened(map).set(key, value);

export const withoutKey = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  if (!map.has(key)) return map;
  const next = opened(map);
  next.delete(key);
  return next;
};

export const without = <T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> =>
  set.has(value) ? new Set([...set].filter((other) => other !== value)) : set;

/** In a sorted list: how many stand before what `isBefore` compares with. Found by halves. */
export const countBefore = <T>(list: readonly T[], isBefore: (one: T) => boolean): number => {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
};
