import { MENTION } from '@lockstep/protocol';

/** As much of a markdown tree as is needed here (mdast). */
interface Node {
  type: string;
  value?: string;
  children?: Node[];
  data?: { hName: string; hProperties: Record<string, string> };
}

const split = (text: string): Node[] => {
  const nodes: Node[] = [];
  let from = 0;
  for (const match of text.matchAll(MENTION)) {
    if (match.index > from) nodes.push({ type: 'text', value: text.slice(from, match.index) });
    nodes.push({ type: 'mention', data: { hName: 'mention', hProperties: { userId: match[1] as string } } });
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push({ type: 'text', value: text.slice(from) });
  return nodes;
};

const walk = (node: Node): void => {
  if (!node.children) return;
  node.children = node.children.flatMap((child) =>
    child.type === 'text' && child.value?.includes('<@') ? split(child.value) : [child],
  );
  for (const child of node.children) walk(child);
};

/** A plugin of remark: `<@id>` in text, not in code, becomes an element `mention` with the property `userId`. */
export const remarkMentions =
  () =>
  (tree: unknown): void =>
    walk(tree as Node);
