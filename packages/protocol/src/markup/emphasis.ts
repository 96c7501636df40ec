import type { Cost } from './bounds.ts';
import { MARKUP_BOUNDS, OverBounds } from './bounds.ts';
import type { Delimiter } from './flanks.ts';
import type { Emphasis, Inline } from './nodes.ts';
import type { Tally } from './tally.ts';

/** A run of signs among the nodes of a paragraph, before it is known whether it formats. */
export interface Run extends Delimiter {
  type: 'run';
  /** Where it stands in the text of the paragraph. */
  from: number;
  to: number;
  /** Written with a backslash: never formats. The offsets of the backslashes are hidden where it would have. */
  escapes: number[] | null;
}

export interface EmphasisContext {
  tally: Tally;
  cost: Cost;
  /** A paragraph in which something is calculated: a star between ideographs is a multiplication. */
  calculates: boolean;
  /** The text nodes of a stretch of the paragraph. */
  textOf(from: number, to: number): Inline[];
}

interface Opener {
  run: Run;
  /** Signs that are not used yet, from the left. */
  left: number;
  /** Where its nodes begin in the result. */
  at: number;
}

type Part = Inline | Run;

const KIND: Record<string, Emphasis['type']> = {
  '*1': 'italic',
  _1: 'italic',
  '*2': 'bold',
  _2: 'bold',
  '~2': 'strike',
};

/** Escaped runs that would have formatted, had they not been escaped: their backslashes are hidden. */
const hiddenEscapes = (parts: readonly Part[], context: EmphasisContext): Set<number> => {
  const hidden = new Set<number>();
  const runs = parts.filter((part): part is Run => part.type === 'run');
  if (!runs.some(({ escapes }) => escapes)) return hidden;
  const hide = (run: Run) => {
    for (const at of run.escapes ?? []) hidden.add(at);
  };
  const key = ({ sign, count }: Run) => sign + count;
  const openers = new Map<string, Run>();
  for (const run of runs) {
    const opener = openers.get(key(run));
    if (run.escapes && run.canClose && opener && isMeant(opener, run, run.count, context)) hide(run);
    if (run.canOpen) openers.set(key(run), run);
  }
  const closers = new Map<string, Run>();
  for (const run of runs.toReversed()) {
    const closer = closers.get(key(run));
    if (run.escapes && run.canOpen && closer && isMeant(run, closer, run.count, context)) hide(run);
    if (run.canClose) closers.set(key(run), run);
  }
  return hidden;
};

const isMeant = (opener: Run, closer: Run, n: number, context: EmphasisContext): boolean =>
  means(opener, opener.to, closer, closer.from, n, context);

/** The nodes with bold, italic and struck stretches in place of the runs around them; runs without a counterpart are text. */
export const resolveEmphasis = (parts: readonly Part[], context: EmphasisContext): Inline[] => {
  const hidden = hiddenEscapes(parts, context);
  const result: (Inline | { type: 'opener'; opener: Opener })[] = [];
  const open: Opener[] = [];
  /** Of each sign and count the places in `open`, ascending. */
  const byKey = new Map<string, number[]>();

  const close = (run: Run, used: number): number => {
    const counts = run.count - used === 3 ? [3, 2, 1] : [run.count - used, 3];
    let best = -1;
    for (const count of counts) {
      const places = byKey.get(run.sign + count);
      const place = places?.at(-1) ?? -1;
      if (place > best) best = place;
    }
    if (best < 0) return 0;
    const opener = open[best] as Opener;
    const n = Math.min(opener.left, run.count - used);
    if (!means(opener.run, opener.run.from + opener.left, run, run.from + used, n, context)) return 0;
    while (open.length > best + 1) drop();
    wrap(opener, n);
    return n;
  };
  const drop = () => {
    const opener = open.pop() as Opener;
    byKey.get(opener.run.sign + opener.left)?.pop();
  };
  const wrap = (opener: Opener, n: number) => {
    let children = result.splice(opener.at + 1).flatMap(asText);
    if (n === 3) children = [emphasis('italic', children, context)];
    result.push(emphasis(KIND[opener.run.sign + Math.min(n, 2)] as Emphasis['type'], children, context));
    byKey.get(opener.run.sign + opener.left)?.pop();
    opener.left -= n;
    if (opener.left === 0) {
      open.pop();
      result.splice(opener.at, 1);
    } else {
      const key = opener.run.sign + opener.left;
      const places = byKey.get(key);
      if (places) places.push(open.length - 1);
      else byKey.set(key, [open.length - 1]);
    }
  };
  const asText = (part: (typeof result)[number]): Inline[] =>
    part.type === 'opener'
      ? context.textOf(part.opener.run.from, part.opener.run.from + part.opener.left)
      : [part];

  for (const part of parts) {
    if (part.type !== 'run') {
      result.push(part);
      continue;
    }
    if (part.escapes) {
      let from = part.from;
      for (const at of part.escapes)
        if (hidden.has(at)) {
          result.push(...context.textOf(from, at));
          from = at + 1;
        }
      result.push(...context.textOf(from, part.to));
      continue;
    }
    context.cost.spend(4);
    let used = 0;
    while (part.canClose && used < part.count) {
      const n = close(part, used);
      if (n === 0) break;
      used += n;
    }
    if (used === part.count) continue;
    if (part.canOpen && used === 0) {
      const opener: Opener = { run: part, left: part.count, at: result.length };
      result.push({ type: 'opener', opener });
      const places = byKey.get(part.sign + part.count);
      if (places) places.push(open.length);
      else byKey.set(part.sign + part.count, [open.length]);
      open.push(opener);
    } else result.push(...context.textOf(part.from + used, part.to));
  }
  return result.flatMap(asText);
};

/** Whether the author plainly meant a formatting of this stretch, and not part of an expression or a name. */
const means = (
  opener: Run,
  from: number,
  closer: Run,
  to: number,
  n: number,
  { tally, calculates }: EmphasisContext,
): boolean => {
  const { sign } = opener;
  if (!tally.hasVisible(from, to)) return false;
  if (n === 1) {
    // `*3*`, `_1_`; `*a*b*`, `_private_name_`.
    if (!tally.hasLetter(from, to)) return false;
    if (!tally.hasSpace(from, to) && tally.has(sign, from, to)) return false;
    if (calculates && opener.before === 'unspaced' && closer.after === 'unspaced') return false;
  }
  // `__init__`
  return !(n > 1 && sign === '_' && tally.isName(from, to));
};

const depths = new WeakMap<object, number>();

/** How deep formattings stand inside of each other. */
export const depthOf = (node: Inline): number => depths.get(node) ?? 0;

export const within = <T extends Inline>(node: T, children: readonly Inline[]): T => {
  let depth = 1;
  for (const child of children) depth = Math.max(depth, 1 + depthOf(child));
  if (depth > MARKUP_BOUNDS.inlineDepth) throw new OverBounds('Formattings are nested too deep.');
  depths.set(node, depth);
  return node;
};

const emphasis = (type: Emphasis['type'], children: Inline[], { cost }: EmphasisContext): Emphasis => {
  cost.node();
  return within({ type, children: joined(children, cost) }, children);
};

/** Text nodes that touch as one. */
export const joined = (nodes: readonly Inline[], cost: Cost): Inline[] => {
  const result: Inline[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.type === 'text' && last?.type === 'text' && last.to === node.from)
      result[result.length - 1] = { type: 'text', from: last.from, to: node.to };
    else {
      if (node.type === 'text') cost.node();
      result.push(node);
    }
  }
  return result;
};
