import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { type Element, histogramQuantile, OVER_RANGE } from './functions.ts';
import type { Scrapes, Series } from './scrapes.ts';

type Value = number | Element[];

/** A sample that is older is not taken for the present, in seconds. */
const LOOKBACK = 300;

/**
 * Evaluates an expression at the time of the last scrape. It knows what our rules use and throws on all else:
 * selectors, `rate`, `increase` and `changes` over a range, `histogram_quantile`, `sum` and `max` (with `by`), `+ - * /`
 * and comparisons, between a vector and a number or two vectors with the same labels. The grammar is that of Prometheus;
 * the evaluation is not: `rate` and `increase` are not extrapolated to the ends of the range, and staleness is only the
 * look-back.
 */
export const evaluate = (text: string, scrapes: Scrapes): Value => {
  const node = parsed(text);
  return new Evaluation(text, scrapes).value(node);
};

/** The names of all metrics in an expression. Throws when it cannot be parsed. */
export const metricsIn = (text: string): string[] => {
  const names: string[] = [];
  parsed(text)
    .cursor()
    .iterate((node) => {
      if (node.name !== 'VectorSelector') return;
      const name = node.node.getChild('Identifier');
      if (!name) throw new Error(`a selector without a name: ${text}`);
      names.push(text.slice(name.from, name.to));
    });
  return names;
};

const parsed = (text: string): SyntaxNode => {
  const top = parser.parse(text).topNode;
  top.cursor().iterate((node) => {
    if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${text}`);
  });
  if (!top.firstChild) throw new Error(`no PromQL: ${text}`);
  return top.firstChild;
};

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};
const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  Gtr: (a, b) => a > b,
  Gte: (a, b) => a >= b,
  Lss: (a, b) => a < b,
  Lte: (a, b) => a <= b,
  Eql: (a, b) => a === b,
  Neq: (a, b) => a !== b,
};
const AGGREGATES: Record<string, (values: number[]) => number> = {
  Sum: (values) => values.reduce((a, b) => a + b, 0),
  Max: (values) => Math.max(...values),
};

class Evaluation {
  constructor(
    readonly text: string,
    readonly scrapes: Scrapes,
  ) {}

  value(node: SyntaxNode): Value {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return Number(this.#textOf(node));
      case 'ParenExpr':
        return this.value(child(node));
      case 'VectorSelector':
        return this.#select(node).flatMap(({ labels, points }) => {
          const last = points.at(-1);
          return last && last.at > this.scrapes.at - LOOKBACK ? [{ labels, value: last.value }] : [];
        });
      case 'FunctionCall':
        return this.#call(node);
      case 'AggregateExpr':
        return this.#aggregate(node);
      case 'BinaryExpr':
        return this.#binary(node);
      default:
        throw this.#unknown(node);
    }
  }

  #call(node: SyntaxNode): Element[] {
    const [name = ''] = children(child(node, 'FunctionIdentifier')).map((one) => one.name);
    const args = children(child(node, 'FunctionCallBody'));
    const over = OVER_RANGE[name];
    if (over && args.length === 1) {
      return this.#range(args[0] as SyntaxNode).flatMap(({ labels, points }) => {
        const value = over(points);
        return value === null ? [] : [{ labels, value }];
      });
    }
    if (name !== 'HistogramQuantile' || args.length !== 2) throw this.#unknown(node);
    const [quantile, buckets] = args.map((arg) => this.value(arg));
    if (typeof quantile !== 'number' || typeof buckets === 'number') throw this.#unknown(node);
    return histogramQuantile(quantile, buckets as Element[]);
  }

  #range(node: SyntaxNode): Series[] {
    if (node.name !== 'MatrixSelector') throw this.#unknown(node);
    const [, amount, unit = ''] = /^(\d+)(s|m|h)$/.exec(this.#textOf(child(node, 'DurationExpr'))) ?? [];
    const seconds = { s: 1, m: 60, h: 3_600 }[unit];
    if (seconds === undefined) throw this.#unknown(node);
    const from = this.scrapes.at - Number(amount) * seconds;
    return this.#select(child(node, 'VectorSelector')).map((series) => ({
      ...series,
      points: series.points.filter(({ at }) => at > from),
    }));
  }

  #aggregate(node: SyntaxNode): Element[] {
    const [operation = ''] = children(child(node, 'AggregateOp')).map(({ name }) => name);
    const aggregate = AGGREGATES[operation];
    const args = children(child(node, 'FunctionCallBody'));
    const modifier = node.getChild('AggregateModifier');
    if (!aggregate || args.length !== 1 || (modifier && !modifier.getChild('By'))) throw this.#unknown(node);
    const by = modifier
      ? children(child(modifier, 'GroupingLabels')).map((label) => this.#textOf(label))
      : [];
    const value = this.value(args[0] as SyntaxNode);
    if (typeof value === 'number') throw this.#unknown(node);
    const groups = new Map<string, Element[]>();
    for (const element of value) {
      const key = JSON.stringify(by.map((label) => element.labels[label] ?? ''));
      groups.set(key, [...(groups.get(key) ?? []), element]);
    }
    return [...groups.values()].map((elements) => ({
      labels: Object.fromEntries(by.map((label) => [label, elements[0]?.labels[label] ?? ''])),
      value: aggregate(elements.map((one) => one.value)),
    }));
  }

  #binary(node: SyntaxNode): Value {
    const [left, operation, right, ...more] = children(node);
    if (!left || !operation || !right || more.length > 0) throw this.#unknown(node);
    const [a, b] = [this.value(left), this.value(right)];
    const arithmetic = ARITHMETIC[operation.name];
    const compare = COMPARISONS[operation.name];
    if (!arithmetic && !compare) throw this.#unknown(node);
    if (typeof a === 'number') {
      if (typeof b === 'number' && arithmetic) return arithmetic(a, b);
      throw this.#unknown(node);
    }
    return a.flatMap(({ labels, value }) => {
      const other = typeof b === 'number' ? b : b.find((one) => sameLabels(one.labels, labels))?.value;
      if (other === undefined) return [];
      // A comparison keeps what it holds for, with its own value.
      if (compare) return compare(value, other) ? [{ labels, value }] : [];
      return [{ labels, value: (arithmetic as (a: number, b: number) => number)(value, other) }];
    });
  }

  #select(node: SyntaxNode): Series[] {
    const name = this.#textOf(child(node, 'Identifier'));
    const matchers = node.getChild('LabelMatchers');
    const matches = matchers ? children(matchers).map((matcher) => this.#matcher(matcher)) : [];
    return this.scrapes.series.filter(
      (series) => series.name === name && matches.every((match) => match(series.labels)),
    );
  }

  #matcher(node: SyntaxNode): (labels: Record<string, string>) => boolean {
    if (node.name !== 'UnquotedLabelMatcher') throw this.#unknown(node);
    const label = this.#textOf(child(node, 'LabelName'));
    const operation = this.#textOf(child(node, 'MatchOp'));
    const wanted = JSON.parse(this.#textOf(child(node, 'StringLiteral'))) as string;
    const pattern = new RegExp(`^(?:${wanted})$`);
    return (labels) => {
      const found = labels[label] ?? '';
      const holds = operation.endsWith('~') ? pattern.test(found) : found === wanted;
      return operation.startsWith('!') ? !holds : holds;
    };
  }

  #textOf(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  #unknown(node: SyntaxNode): Error {
    return new Error(`not evaluated here: ${node.name} in ${this.text}`);
  }
}

const children = (node: SyntaxNode): SyntaxNode[] => {
  const result: SyntaxNode[] = [];
  for (let one = node.firstChild; one; one = one.nextSibling) result.push(one);
  return result;
};

const child = (node: SyntaxNode, name?: string): SyntaxNode => {
  const found = name ? node.getChild(name) : node.firstChild;
  if (!found) throw new Error(`${node.name} without ${name ?? 'anything in it'}`);
  return found;
};

const sameLabels = (a: Record<string, string>, b: Record<string, string>): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([label, value]) => b[label] === value);
