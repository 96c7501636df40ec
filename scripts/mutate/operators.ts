import { isNode, type Node } from './syntax.ts';

/** One small change of a source text: `start` to `end` become `to`. */
export interface Change {
  kind: string;
  start: number;
  end: number;
  to: string;
}

/** Where a node stands. */
interface Context {
  parent: Node | null;
  /** The text of a node. */
  source(node: Node): string;
}

type Operator = (node: Node, context: Context) => Change[];

const replace = (kind: string, { start, end }: Node, to: string): Change[] => [{ kind, start, end, to }];

const BINARY: Record<string, string> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
};
const LOGICAL: Record<string, string> = { '&&': '||', '||': '&&' };
const ASSIGNING: Record<string, string> = { '+=': '-=', '-=': '+=', '??=': '=', '||=': '=' };

/** Calls of these are left out: `x.filter(f)` becomes `x`. */
const LEFT_OUT = new Set(
  'filter sort reverse slice trim trimStart trimEnd toLowerCase normalize catch finally'.split(' '),
);
/** Calls of these become calls of their counterpart. */
const COUNTERPARTS = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
]);

const isString = (node: Node) =>
  node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');

/** The operator between two operands, found in the text between them. */
const between = (node: Node, context: Context, to: string): Change[] => {
  const [left, right, operator] = [node.left as Node, node.right as Node, node.operator as string];
  const gap = context.source({ ...node, start: left.end, end: right.start });
  const start = left.end + gap.indexOf(operator);
  return [{ kind: 'operator', start, end: start + operator.length, to }];
};

/** Where an operator of its own turns the same condition round, it is left to that one. */
const negated = (test: Node, context: Context): Change[] => {
  const { type, operator } = test;
  if (type === 'UnaryExpression' && operator === '!') return [];
  if (type === 'BinaryExpression' && /^[!=]==$/.test(operator as string)) return [];
  return replace('condition', test, `!(${context.source(test)})`);
};

/** The member of a call, as in `x.filter(f)`: the object `x` and the name `filter`. */
const memberOf = (call: Node): { object: Node; property: Node; name: string } | null => {
  const callee = call.callee as Node;
  if (callee.type !== 'MemberExpression' || callee.computed) return null;
  const property = callee.property as Node;
  return { object: callee.object as Node, property, name: String(property.name) };
};

const isRemovable = ({ type, operator }: Node): boolean =>
  [
    'CallExpression',
    'AwaitExpression',
    'AssignmentExpression',
    'UpdateExpression',
    'ChainExpression',
  ].includes(type) ||
  (type === 'UnaryExpression' && (operator === 'void' || operator === 'delete'));

/** Elements of a list and what parts them: the element goes together with one comma. */
const withoutEach = (kind: string, list: Node[], within: Node): Change[] =>
  list.length < 2
    ? []
    : list.map((element, n) => {
        const next = list[n + 1];
        const before = list[n - 1];
        if (next) return { kind, start: element.start, end: next.start, to: '' };
        return { kind, start: before?.end ?? within.start, end: element.end, to: '' };
      });

export const OPERATORS: Record<string, Operator> = {
  IfStatement: (node, context) => negated(node.test as Node, context),
  ConditionalExpression: (node, context) => negated(node.test as Node, context),
  WhileStatement: (node) =>
    (node.test as Node).type === 'Literal' ? [] : replace('condition', node.test as Node, 'false'),
  BinaryExpression: (node, context) => {
    const to = BINARY[node.operator as string];
    // Texts are put together with `+`: there is nothing to subtract.
    if (to === undefined || isString(node.left as Node) || isString(node.right as Node)) {
      const isComparison = /^[!=]==$/.test(node.operator as string);
      return to !== undefined && isComparison ? between(node, context, to) : [];
    }
    return between(node, context, to);
  },
  LogicalExpression: (node, context) => {
    const to = LOGICAL[node.operator as string];
    if (to) return between(node, context, to);
    return replace('fallback', node, context.source(node.left as Node));
  },
  AssignmentExpression: (node, context) => {
    const to = ASSIGNING[node.operator as string];
    return to ? between(node, context, to) : [];
  },
  UnaryExpression: (node, context) => {
    if (node.operator !== '!' && node.operator !== '-') return [];
    return replace('sign', node, context.source(node.argument as Node));
  },
  UpdateExpression: (node, context) => {
    const to = context.source(node).replace(/\+\+|--/, (sign) => (sign === '++' ? '--' : '++'));
    return replace('sign', node, to);
  },
  Literal: (node) => {
    const { value } = node;
    if (typeof value === 'boolean') return replace('boolean', node, String(!value));
    // A larger number is a figure of tuning: a time, a size. Changing it by one has no observable effect.
    if (typeof value === 'number')
      return value >= 1_000 ? [] : replace('number', node, String(value === 1 ? 0 : value + 1));
    if (typeof value === 'string') return value === '' ? [] : replace('text', node, `''`);
    if (isNode(node.regex) || node.regex) {
      const { pattern, flags } = node.regex as { pattern: string; flags: string };
      const to = (p: string, f: string): Change[] => replace('pattern', node, `/${p}/${f}`);
      return [
        ...(pattern.startsWith('^') && pattern.length > 1 ? to(pattern.slice(1), flags) : []),
        ...(/[^\\]\$$/.test(pattern) ? to(pattern.slice(0, -1), flags) : []),
        ...['g', 'i'].flatMap((flag) => (flags.includes(flag) ? to(pattern, flags.replace(flag, '')) : [])),
      ];
    }
    return [];
  },
  TemplateLiteral: (node) => replace('text', node, '``'),
  ExpressionStatement: (node, context) => {
    const expression = node.expression as Node;
    if (!isRemovable(expression)) return [];
    const removed = replace('statement', node, ';');
    if (expression.type !== 'AwaitExpression') return removed;
    return [
      ...removed,
      ...replace('await', expression, `void ${context.source(expression.argument as Node)}`),
    ];
  },
  ThrowStatement: (node) => replace('statement', node, ';'),
  BreakStatement: (node) => replace('statement', node, ';'),
  ContinueStatement: (node) => replace('statement', node, ';'),
  ReturnStatement: (node) =>
    node.argument === null
      ? replace('statement', node, ';')
      : replace('return', node.argument as Node, 'undefined as never'),
  ArrowFunctionExpression: (node) => {
    const body = node.body as Node;
    const isCall = ['CallExpression', 'AwaitExpression'].includes(body.type);
    return isCall ? replace('return', body, 'undefined as never') : [];
  },
  CallExpression: (node, context) => {
    const member = memberOf(node);
    if (!member) return [];
    const { object, property, name } = member;
    const counterpart = COUNTERPARTS.get(name);
    return [
      ...(LEFT_OUT.has(name) ? replace('call', node, context.source(object)) : []),
      ...(counterpart ? replace('call', property, counterpart) : []),
    ];
  },
  MemberExpression: (node, context) => {
    if (node.optional !== true) return [];
    const object = node.object as Node;
    const start = object.end + context.source({ ...node, start: object.end }).indexOf('?.');
    return [{ kind: 'optional', start, end: start + 2, to: node.computed ? '' : '.' }];
  },
  ArrayExpression: (node) => withoutEach('element', (node.elements as (Node | null)[]).filter(isNode), node),
  ObjectExpression: (node) => withoutEach('property', node.properties as Node[], node),
};
