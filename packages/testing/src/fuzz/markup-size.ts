import type { Block, Inline } from '@lockstep/protocol/markup';

/** Elements of a message, and how deep they stand in each other. */
export const sizeOf = (list: readonly (Block | Inline)[]): { nodes: number; depth: number } => {
  let [nodes, depth] = [list.length, 0];
  const add = (inside: readonly (Block | Inline)[]) => {
    const size = sizeOf(inside);
    nodes += size.nodes;
    depth = Math.max(depth, size.depth + 1);
  };
  for (const one of list) {
    if ('children' in one) add(one.children);
    if (one.type === 'quote') add(one.blocks);
    if (one.type === 'list') for (const item of one.items) add(item.blocks);
    if (one.type === 'table') for (const cell of one.rows.flat()) add(cell);
  }
  return { nodes, depth };
};
