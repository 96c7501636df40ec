import { common, createLowlight } from 'lowlight';

/** A stretch of code of one colour: how many UTF-16 units, and its class, '' for none. Never nested. */
export type Run = readonly [length: number, className: string];

interface Node {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: Node[];
}

const lowlight = createLowlight(common);

/** More runs are not coloured: each is an element of the page. */
const MAX_RUNS = 2_000;

const classOf = ({ properties }: Node): string => {
  const names = Array.isArray(properties?.className) ? properties.className : [];
  return names.find((name) => /^hljs-[\w-]+$/.test(name)) ?? '';
};

/**
 * The code in runs that make it up from beginning to end. Null where the language is not known, the grammar fails, or
 * there are more than MAX_RUNS. May take long for code that is made to (`highlighter.ts` calls it with a deadline).
 */
export const highlight = (code: string, language: string): Run[] | null => {
  if (!lowlight.registered(language)) return null;
  let root: Node;
  try {
    root = lowlight.highlight(language, code) as Node;
  } catch {
    return null;
  }
  const runs: [number, string][] = [];
  // Not by recursion: scopes of a grammar may nest without end.
  const open: { node: Node; className: string }[] = [{ node: root, className: '' }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, className } = at;
    if (node.type === 'text') {
      const length = node.value?.length ?? 0;
      const last = runs.at(-1);
      if (last && last[1] === className) last[0] += length;
      else if (length > 0) runs.push([length, className]);
      if (runs.length > MAX_RUNS) return null;
      continue;
    }
    const inner = node === root ? '' : classOf(node);
    const children = node.children ?? [];
    for (let i = children.length - 1; i >= 0; i--) open.push({ node: children[i] as Node, className: inner });
  }
  return runs;
};
