import type { Choice, Plan } from '../query/plan.ts';

/** Longer lists are not given: filters of thousands of ids do not scale, and every hit is looked at again. */
const MAX_LIST = 300;

const list = (values: string[]): string => `[${values.map((value) => `"${value}"`).join(', ')}]`;

const choice = (field: string, { some, none }: Choice): string[] => [
  ...(some && some.length <= MAX_LIST ? [`${field} IN ${list(some)}`] : []),
  ...(none.length > 0 && none.length <= MAX_LIST ? [`${field} NOT IN ${list(none)}`] : []),
];

/** What a plan asks for, as far as a filter can say it: all of these hold for every hit. */
export const filtersOf = (plan: Plan, until: number | null): string[] => [
  ...choice('conversation', plan.conversations),
  ...choice('sender', plan.senders),
  ...choice('mentions', plan.mentions),
  ...(plan.pairs && plan.pairs.length <= MAX_LIST
    ? [`conversation IN ${list([...new Set(plan.pairs.map((pair) => pair.conversationId))])}`]
    : []),
  ...plan.traits.map((trait) => `traits = "${trait}"`),
  ...plan.notTraits.map((trait) => `traits != "${trait}"`),
  ...(Number.isFinite(plan.range.from) ? [`at >= ${plan.range.from}`] : []),
  ...(Number.isFinite(plan.range.to) ? [`at < ${plan.range.to}`] : []),
  ...(until === null ? [] : [`at <= ${until}`]),
  'seq > 0',
];
