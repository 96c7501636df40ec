import { childrenOf, isNode, type Node, parse } from './syntax.ts';

/** A stretch of code that runs as a whole or not at all: the file, a block, the expression of an arrow function. */
export interface Block {
  id: string;
  start: number;
  end: number;
}

/** The blocks of a file, the outermost first; the first is the file itself. */
export const blocksOf = (file: string, text: string): Block[] => found(file, text).map(({ block }) => block);

/** The innermost block in which a place stands. */
export const blockAt = (blocks: readonly Block[], offset: number): Block | undefined =>
  blocks.filter(({ start, end }) => start <= offset && offset < end).sort((a, b) => b.start - a.start)[0];

/**
 * The file with a call of `hit` from `hitModule` at the beginning of each block, on the same lines. For tests to say
 * what they have run.
 */
export const instrumented = (file: string, text: string, hitModule: string): string => {
  const inserts: { at: number; text: string }[] = [];
  const [whole, ...inner] = found(file, text);
  for (const { block, isExpression } of inner) {
    const call = `__hit(${JSON.stringify(block.id)})`;
    if (isExpression) inserts.push({ at: block.start, text: `(${call}, ` }, { at: block.end, text: ')' });
    else inserts.push({ at: block.start, text: `${call};` });
  }
  let result = '';
  let from = 0;
  // Of two at one place the outer block opens first; what closes there was opened before.
  for (const insert of inserts.map((one, n) => ({ ...one, n })).sort((a, b) => a.at - b.at || a.n - b.n)) {
    result += text.slice(from, insert.at) + insert.text;
    from = insert.at;
  }
  const head = `import { hit as __hit } from ${JSON.stringify(hitModule)};__hit(${JSON.stringify(whole?.block.id)});`;
  return `${head}${result}${text.slice(from)}`;
};

const found = (file: string, text: string): { block: Block; isExpression: boolean }[] => {
  const blocks: { block: Block; isExpression: boolean }[] = [];
  const add = (start: number, end: number, isExpression: boolean) =>
    blocks.push({ block: { id: `${file}#${blocks.length}`, start, end }, isExpression });
  const visit = (node: Node): void => {
    if (node.type === 'BlockStatement' || node.type === 'FunctionBody')
      add(node.start + 1, node.end - 1, false);
    const body = node.body;
    if (
      node.type === 'ArrowFunctionExpression' &&
      isNode(body) &&
      body.type !== 'BlockStatement' &&
      body.type !== 'FunctionBody'
    )
      add(body.start, body.end, true);
    for (const child of childrenOf(node)) visit(child);
  };
  add(0, text.length + 1, false);
  visit(parse(file, text));
  return blocks;
};
