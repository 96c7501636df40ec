import { parseAst } from 'rolldown/parseAst';

/** A node of the syntax tree (ESTree with TypeScript), with its place in the text in UTF-16 units. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** Throws when it is no TypeScript. */
export const parse = (file: string, text: string): Node =>
  parseAst(text, { lang: file.endsWith('.tsx') ? 'tsx' : 'ts', sourceType: 'module' }) as unknown as Node;

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Of TypeScript's own nodes only these are code; the others are types, which are gone when it runs. */
const WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSParameterProperty',
]);

/** What is code among the children of a node, in the order of the text. */
export const childrenOf = (node: Node): Node[] =>
  Object.values(node)
    .flat()
    .filter(isNode)
    .filter(({ type }) => !type.startsWith('TS') || WRAPPERS.has(type))
    .sort((a, b) => a.start - b.start);
