import rehypeHighlight from 'rehype-highlight';

/** A piece of highlighted code: text, or a run of pieces in one of the classes of highlight.js. */
export type Piece = string | { className: string; pieces: Piece[] };

interface TextNode {
  type: 'text';
  value: string;
}
interface ElementNode {
  type: 'element';
  tagName: string;
  properties: { className?: unknown };
  children: HastNode[];
}
type HastNode = TextNode | ElementNode | { type: string };

const highlighter = rehypeHighlight({ detect: false });

const toPieces = (nodes: readonly HastNode[]): Piece[] =>
  nodes.flatMap((node): Piece[] => {
    if (node.type === 'text') return [(node as TextNode).value];
    if (node.type !== 'element') return [];
    const { properties, children } = node as ElementNode;
    const names = Array.isArray(properties.className) ? properties.className : [];
    const className = names
      .filter((name) => /^hljs[\w-]*$|^language_$|^function_$|^class_$/.test(name))
      .join(' ');
    return [{ className, pieces: toPieces(children) }];
  });

/** The code in coloured pieces. A language that is not known, or none, gives the text as it is. */
export const highlight = (code: string, language: string): Piece[] => {
  const element: ElementNode = {
    type: 'element',
    tagName: 'code',
    properties: { className: [`language-${language}`] },
    children: [{ type: 'text', value: code } as TextNode],
  };
  const pre = { type: 'element', tagName: 'pre', properties: {}, children: [element] };
  const tree = { type: 'root', children: [pre] };
  highlighter(tree as unknown as Parameters<typeof highlighter>[0], { message() {} } as never);
  return toPieces(element.children);
};
