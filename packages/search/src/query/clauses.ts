import { rangeOfDate, type SearchClause } from '@lockstep/protocol';
import { isCut, type Trait, termKey, termOf } from '../text/index.ts';
import { ALWAYS, type Choice, type Pair, type Plan } from './plan.ts';

// Applies clauses to a plan once names are resolved to ids; the same on the server and on a device.

type Clause<Kind extends SearchClause['kind']> = Extract<SearchClause, { kind: Kind }>;

const TRAITS: readonly string[] = ['link', 'code', 'mention', 'edit'] satisfies Trait[];

/** Anything in these conversations; null: in all. */
export const emptyPlan = (viewerId: string, conversationIds: string[] | null): Plan => ({
  terms: [],
  notTerms: [],
  senders: { some: null, none: [] },
  conversations: { some: conversationIds, none: [] },
  mentions: { some: null, none: [] },
  pairs: null,
  notPairs: [],
  range: { ...ALWAYS },
  notRanges: [],
  traits: [],
  notTraits: [],
  unread: null,
  reads: new Map(),
  viewerId,
  direct: null,
  matchesNothing: false,
});

/** The same asked twice is asked once. False where only the beginning of a long text is asked for. */
export const takeText = (plan: Plan, clause: Clause<'word' | 'phrase'>): boolean => {
  const term = termOf(clause.text, {
    phrase: clause.kind === 'phrase',
    prefix: clause.prefix ?? false,
  });
  const terms = clause.not ? plan.notTerms : plan.terms;
  if (term && !terms.some((one) => termKey(one) === termKey(term))) terms.push(term);
  return !isCut(clause.text);
};

/** Several of one kind are alternatives. */
export const choose = (choice: Choice, ids: string[], not: boolean): void => {
  if (not) choice.none = union(choice.none, ids);
  else choice.some = union(choice.some ?? [], ids);
};

export const choosePairs = (plan: Plan, pairs: Pair[], not: boolean): void => {
  if (not) plan.notPairs = distinct([...plan.notPairs, ...pairs]);
  else plan.pairs = distinct([...(plan.pairs ?? []), ...pairs]);
};

const union = (ids: string[], more: string[]): string[] => [...new Set([...ids, ...more])];

const distinct = (pairs: Pair[]): Pair[] => [
  ...new Map(pairs.map((pair) => [`${pair.conversationId} ${pair.senderId}`, pair])).values(),
];

/** `now` in ms since 1970. */
export const takeDate = (plan: Plan, clause: Clause<'date'>, now: number, timeZone: string): void => {
  const span = rangeOfDate(clause.when, now, timeZone);
  const range =
    clause.op === 'before'
      ? { from: ALWAYS.from, to: span.from }
      : clause.op === 'after'
        ? { from: span.to, to: ALWAYS.to }
        : span;
  if (clause.not) plan.notRanges.push(range);
  else {
    plan.range.from = Math.max(plan.range.from, range.from);
    plan.range.to = Math.min(plan.range.to, range.to);
  }
};

/** False where no message has such a thing yet: then nothing fits, or with `-` everything does. */
export const takeTrait = (plan: Plan, clause: Clause<'has'>): boolean => {
  const known = TRAITS.includes(clause.what);
  if (known) (clause.not ? plan.notTraits : plan.traits).push(clause.what as Trait);
  else if (!clause.not) plan.matchesNothing = true;
  return known;
};
