import { rangeOfDate, type SearchClause } from '@lockstep/protocol';
import { type Trait, termOf } from '../text/index.ts';
import { ALWAYS, type Choice, type Pair, type Plan } from './plan.ts';

// What a clause does to a plan once its names are ids: the same on the server and on a device.

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
  never: false,
});

export const takeText = (plan: Plan, clause: Clause<'word' | 'phrase'>): void => {
  const term = termOf(clause.text, clause.kind === 'phrase' ? { phrase: true } : { prefix: clause.prefix });
  if (term) (clause.not ? plan.notTerms : plan.terms).push(term);
};

/** Several of one kind are alternatives. */
export const choose = (choice: Choice, ids: string[], not: boolean): void => {
  if (not) choice.none.push(...ids);
  else choice.some = [...(choice.some ?? []), ...ids];
};

export const choosePairs = (plan: Plan, pairs: Pair[], not: boolean): void => {
  if (not) plan.notPairs.push(...pairs);
  else plan.pairs = [...(plan.pairs ?? []), ...pairs];
};

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
  else if (!clause.not) plan.never = true;
  return known;
};
