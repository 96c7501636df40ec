import { createHash } from 'node:crypto';
import { type Change, OPERATORS } from './operators.ts';
import { isSql, sqlChanges } from './sql.ts';
import { childrenOf, type Node, parse } from './syntax.ts';

/** A fault that is put into one file on purpose. */
export interface Mutant extends Change {
  /** From the root of the repository. */
  file: string;
  line: number;
  /** The line that it begins on, without its indent: with `was` and `to` it names the mutant, also once lines have moved. */
  context: string;
  was: string;
  /** The whole text of the file with the fault in it. */
  text: string;
}

/** What is only read by people is not mutated: the log, the words of an error, the documentation of a setting. */
const isForPeople = (node: Node, source: string): boolean =>
  (node.type === 'CallExpression' && /(^|\.)(log|logger|console)\??\.\w+\(/.test(source.slice(0, 60))) ||
  (node.type === 'NewExpression' && /^new (Error|TypeError|SettingsError)\(/.test(source));

/** Arguments that are words for people, by the call that they stand in. */
const argumentsOf = (node: Node, source: string): Node[] => {
  const given = node.arguments as Node[];
  if (/^new LockstepError\(/.test(source)) return given.filter((_, n) => n !== 1);
  if (/\.describe\([^()]*\)$/.test(source)) return [];
  return given;
};

const SKIPPED = new Set(['ImportDeclaration', 'ExportAllDeclaration', 'Directive', 'JSXText']);

/** Every fault that the operators make of a file, in the order of the text. */
export const mutantsOf = (file: string, text: string): Mutant[] => {
  const changes: Change[] = [];
  const source = ({ start, end }: { start: number; end: number }) => text.slice(start, end);

  /** As in `.catch((error) => log.warn(…))`. */
  const onlyLogs = ({ type, body }: Node): boolean =>
    type === 'ArrowFunctionExpression' && isForPeople(body as Node, source(body as Node));

  const visit = (node: Node, parent: Node | null): void => {
    if (SKIPPED.has(node.type) || isForPeople(node, source(node))) return;
    if (
      node.type === 'ExpressionStatement' &&
      (node.directive || isForPeople(inner(node), source(inner(node))))
    )
      return;
    if (node.type === 'ExportNamedDeclaration' && node.source) return;
    const isText =
      node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
    if (isText && isSql(source(node))) {
      changes.push(
        ...pieces(node, text).flatMap(({ start, end }) => sqlChanges(text.slice(start, end), start)),
      );
      for (const child of (node.expressions as Node[] | undefined) ?? []) visit(child, node);
      return;
    }
    const unnamed = statementNameIn(node);
    if (!unnamed && !isKey(node, parent) && !onlyLogs(node))
      changes.push(...(OPERATORS[node.type]?.(node, { parent, source }) ?? []));
    const isCall = node.type === 'CallExpression' || node.type === 'NewExpression';
    const shown = isCall ? new Set(argumentsOf(node, source(node))) : null;
    for (const child of childrenOf(node)) {
      const isArgument = isCall && (node.arguments as Node[]).includes(child);
      if (child !== unnamed && (!isArgument || shown?.has(child))) visit(child, node);
    }
  };
  visit(parse(file, text), null);

  const seen = new Set<string>();
  return changes
    .filter(({ start, end, to }) => text.slice(start, end) !== to)
    .filter(({ start, end, to }) => !seen.has(`${start} ${end} ${to}`) && seen.add(`${start} ${end} ${to}`))
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((change) => {
      const lineStart = text.lastIndexOf('\n', change.start - 1) + 1;
      const lineEnd = text.indexOf('\n', change.start);
      return {
        ...change,
        file,
        line: text.slice(0, change.start).split('\n').length,
        context: text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).trim(),
        was: text.slice(change.start, change.end),
        text: text.slice(0, change.start) + change.to + text.slice(change.end),
      };
    });
};

/** The name of a prepared statement: without one, or with another, it does the same; without its other parts, nothing. */
const statementNameIn = (node: Node): Node | undefined => {
  if (node.type !== 'ObjectExpression') return undefined;
  const named = (name: string) =>
    (node.properties as Node[]).find(({ key }) => (key as Node | undefined)?.name === name);
  return named('text') && named('name');
};

const inner = (statement: Node): Node => {
  const expression = statement.expression as Node;
  return expression.type === 'AwaitExpression' ? (expression.argument as Node) : expression;
};

/** Names of properties and of what is imported are no values. */
const isKey = (node: Node, parent: Node | null): boolean =>
  parent?.type === 'Property' && parent.key === node && parent.value !== node;

/** Where the texts of a literal stand, without quotes and without what is put in by `${}`. */
const pieces = (node: Node, text: string): { start: number; end: number }[] => {
  if (node.type === 'Literal') return [{ start: node.start + 1, end: node.end - 1 }];
  return (node.quasis as (Node & { value: { raw: string } })[]).map(({ start, value: { raw } }) => {
    const from = text.indexOf(raw, Math.max(0, start - 1));
    return { start: from, end: from + raw.length };
  });
};

/** Names a mutant, also once the lines around it have moved. */
export const keyOf = ({ file, context, was, to }: Pick<Mutant, 'file' | 'context' | 'was' | 'to'>): string =>
  `${file}: ${context}: ${was} → ${to}`;

/** The same selection for the same seed: a change elsewhere moves none in or out but for those that take its place. */
export const sample = <T extends Mutant>(all: readonly T[], count: number, seed: number): T[] => {
  const order = (mutant: T) =>
    createHash('sha1')
      .update(`${seed} ${keyOf(mutant)}`)
      .digest('hex');
  return all
    .map((mutant, index) => ({ mutant, place: index, order: order(mutant) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .slice(0, count)
    .sort((a, b) => a.place - b.place)
    .map(({ mutant }) => mutant);
};
