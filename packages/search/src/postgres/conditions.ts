import { kindHas, likeText, TEXT_REV } from '@lockstep/db';
import type { Unindexed } from '../port.ts';
import type { Key } from '../query/key.ts';
import type { Choice, Plan } from '../query/plan.ts';
import { mentionLexeme, type Term, toTsquery, traitLexeme } from '../text/index.ts';

/** Values of a statement, numbered as they come. */
export class Params {
  readonly values: unknown[] = [];

  add(value: unknown, type?: string): string {
    this.values.push(value);
    return `$${this.values.length}${type ? `::${type}` : ''}`;
  }
}

export const inArray = (column: string, { some, none }: Choice, params: Params): string[] => [
  ...(some ? [`${column} = any(${params.add(some, 'uuid[]')})`] : []),
  ...(none.length > 0 ? [`${column} <> all(${params.add(none, 'uuid[]')})`] : []),
];

/** At this epoch in ms, as exact as the store keeps it. */
export const time = (ms: number, params: Params): string =>
  `to_timestamp(${params.add(ms / 1_000, 'float8')})::timestamptz(3)`;

/** What is shown after `key`, newest first. */
export const after = ({ at, conversationId, seq }: Key, columns: string, params: Params): string =>
  `(${columns}) < (${time(at, params)}, ${params.add(conversationId, 'uuid')}, ${params.add(seq, 'int')})`;

/** Whether the conversation of this column is one of two. */
export const isDirect = (column: string, direct: boolean): string =>
  `${direct ? '' : 'not '}exists (select 1 from conversation c where c.id = ${column} and ${kindHas('c.kind', 'hasPeer')})`;

/** Without `coalesce`, which the index of trigrams would not be used for; null is neither true nor false. */
const codeTerm = (term: Term, params: Params): string =>
  term.exact
    ? `s.codes like ${params.add(`%${likeText(term.code as string)}%`)}`
    : `(s.tokens @@ ${params.add(toTsquery(term), 'tsquery')} or s.codes like ${params.add(`%${likeText(term.code as string)}%`)})`;

/**
 * What a plan asks of `search_message s`. Conversations are an array, never a subquery, and what must not be in a text
 * is kept out of the tsquery, which would have to walk the whole index for it. With `walk` the index of words is not
 * used: the rows that the other conditions leave are looked at one by one.
 */
export const conditionsOf = (
  plan: Plan,
  unindexed: Unindexed,
  params: Params,
  { walk = false } = {},
): string[] => {
  const conditions = [
    // Not the mark, which is in no conversation (wiped.ts).
    ...(plan.conversations.some === null ? ['s.seq > 0'] : []),
    ...inArray('s.conversation_id', plan.conversations, params),
    ...inArray('s.sender_id', plan.senders, params),
  ];
  const words = [
    ...plan.terms.filter((term) => term.code === null).map(toTsquery),
    ...plan.traits.map((trait) => `'${traitLexeme(trait)}'`),
    ...(plan.mentions.some
      ? [`(${plan.mentions.some.map((id) => `'${mentionLexeme(id)}'`).join(' | ')})`]
      : []),
  ];
  if (words.length > 0) {
    const query = words.map((word) => (word.includes('<') ? `(${word})` : word)).join(' & ');
    const fits = `s.tokens @@ ${params.add(query, 'tsquery')}`;
    // What stands inside of a `case`, no index is used for.
    conditions.push(walk ? `case when ${fits} then true end` : fits);
  }
  for (const term of plan.terms) if (term.code !== null) conditions.push(codeTerm(term, params));
  const not = [
    ...plan.notTerms.map((term) =>
      term.code === null ? `s.tokens @@ ${params.add(toTsquery(term), 'tsquery')}` : codeTerm(term, params),
    ),
    ...[...plan.notTraits.map(traitLexeme), ...plan.mentions.none.map(mentionLexeme)].map(
      (lexeme) => `s.tokens @@ ${params.add(`'${lexeme}'`, 'tsquery')}`,
    ),
  ];
  if (not.length > 0) conditions.push(`(${not.join(' or ')}) is not true`);
  const { from, to } = plan.range;
  if (Number.isFinite(from)) conditions.push(`s.at >= ${time(from, params)}`);
  if (Number.isFinite(to)) conditions.push(`s.at < ${time(to, params)}`);
  for (const range of plan.notRanges) {
    const outside = [
      ...(Number.isFinite(range.from) ? [`s.at < ${time(range.from, params)}`] : []),
      ...(Number.isFinite(range.to) ? [`s.at >= ${time(range.to, params)}`] : []),
    ];
    conditions.push(`(${outside.join(' or ') || 'false'})`);
  }
  if (plan.pairs) conditions.push(pairs(plan.pairs, params));
  if (plan.notPairs.length > 0) conditions.push(`not ${pairs(plan.notPairs, params)}`);
  if (plan.direct !== null) conditions.push(isDirect('s.conversation_id', plan.direct));
  if (plan.unread !== null) conditions.push(unread(plan, params));
  if (unindexed.keys.length > 0) {
    const ids = params.add(
      unindexed.keys.map((key) => key.conversationId),
      'uuid[]',
    );
    const seqs = params.add(
      unindexed.keys.map((key) => key.seq),
      'int[]',
    );
    conditions.push(
      `not exists (select 1 from unnest(${ids}, ${seqs}) u(id, seq) where u.id = s.conversation_id and u.seq = s.seq)`,
    );
  }
  // More has changed than was listed: only what the store still has as it was indexed.
  if (!unindexed.complete)
    conditions.push(
      `exists (select 1 from message m where m.conversation_id = s.conversation_id and m.seq = s.seq and ${TEXT_REV} = s.rev)`,
    );
  return conditions;
};

const pairs = (list: NonNullable<Plan['pairs']>, params: Params): string => {
  const ids = params.add(
    list.map((pair) => pair.conversationId),
    'uuid[]',
  );
  const senders = params.add(
    list.map((pair) => pair.senderId),
    'uuid[]',
  );
  return `exists (select 1 from unnest(${ids}, ${senders}) p(id, sender) where p.id = s.conversation_id and p.sender = s.sender_id)`;
};

const unread = (plan: Plan, params: Params): string => {
  const ids = params.add([...plan.reads.keys()], 'uuid[]');
  const seqs = params.add([...plan.reads.values()], 'int[]');
  const isUnread = `(s.sender_id <> ${params.add(plan.viewerId, 'uuid')} and exists (
    select 1 from unnest(${ids}, ${seqs}) r(id, seq) where r.id = s.conversation_id and s.seq > r.seq))`;
  return plan.unread ? isUnread : `not ${isUnread}`;
};
