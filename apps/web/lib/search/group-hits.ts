import type { SearchHit } from '@lockstep/protocol';

export type Item = { heading: string; key: string } | { hit: SearchHit };

/**
 * Hits by conversation, those with the newest hit first. Each page is grouped by itself, and goes on with the group in
 * which the one before has ended: what is shown stays where it is when another page comes.
 */
export const groupHits = (hits: readonly SearchHit[], pageOf: (hit: SearchHit) => number): Item[] => {
  const items: Item[] = [];
  let open: string | null = null;
  for (const [page, all] of by(hits, pageOf)) {
    const groups = by(all, ({ message }) => message.conversationId);
    // The one that is open goes on first.
    const ids: string[] = [...groups.keys()].sort((a, b) => Number(b === open) - Number(a === open));
    for (const id of ids) {
      if (id !== open) items.push({ heading: id, key: `${id}/${page}` });
      for (const hit of groups.get(id) ?? []) items.push({ hit });
      open = id;
    }
  }
  return items;
};

/** Map.groupBy, which not all browsers have yet. */
const by = <K>(hits: readonly SearchHit[], keyOf: (hit: SearchHit) => K): Map<K, SearchHit[]> => {
  const groups = new Map<K, SearchHit[]>();
  for (const hit of hits) {
    const key = keyOf(hit);
    const group = groups.get(key);
    if (group) group.push(hit);
    else groups.set(key, [hit]);
  }
  return groups;
};
