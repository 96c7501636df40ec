import { formatClause, parseSearch, type SearchClause, type SearchSort } from '@lockstep/protocol';
import type { DeviceNames } from '@lockstep/search/device';

/** A query as the field shows it: filters are chips, and what is left is typed. */
export interface Draft {
  chips: readonly SearchClause[];
  sort: SearchSort | null;
  /** What stands in the field itself. */
  words: string;
}

export const EMPTY: Draft = { chips: [], sort: null, words: '' };

/** What must not be in a text, rather than what a filter says of it. */
export const isNegatedText = (clause: SearchClause): clause is NegatedText => clause.not && 'text' in clause;
type NegatedText = Extract<SearchClause, { text: string }>;

/** A word or a phrase stays text; all else is a filter, and what is negated is shown as such. */
const isFilter = (clause: SearchClause): boolean =>
  clause.not || (clause.kind !== 'word' && clause.kind !== 'phrase');

export const draftText = ({ chips, sort, words }: Draft): string =>
  [...chips.map(formatClause), ...(sort ? [`sort:${sort}`] : []), words.trim()].filter(Boolean).join(' ');

/** The draft of a whole text, such as one from an address: every filter in it becomes a chip. */
export const readDraft = (text: string, names?: DeviceNames): Draft => {
  const draft = commit({ ...EMPTY, words: `${text} ` }, names, { whole: true });
  return { ...draft, words: draft.words.trim() };
};

/**
 * Turns filters that are typed to the end into chips: those after which a space stands, and no name that there is goes
 * on. `whole`: nothing more is typed.
 */
export const commit = (draft: Draft, names?: DeviceNames, { whole = false } = {}): Draft => {
  const { query, spans } = parseSearch(draft.words, names ? { names } : {});
  const chips = [...draft.chips];
  let words = '';
  let from = 0;
  for (const [i, clause] of query.clauses.entries()) {
    const [start, end] = spans[i] as [number, number];
    if (!isFilter(clause) || end >= draft.words.length) continue;
    if (!whole && names?.isOpen(clause, draft.words.slice(start))) continue;
    words += draft.words.slice(from, start);
    from = end;
    while (/\s/u.test(draft.words[from] ?? '')) from++;
    add(chips, clause);
  }
  words += draft.words.slice(from);
  let { sort } = draft;
  words = words.replace(/(^|\s)sort[:：](newest|best)\s+/giu, (_, before: string, value: string) => {
    sort = value.toLowerCase() as SearchSort;
    return before;
  });
  return chips.length === draft.chips.length && sort === draft.sort ? draft : { chips, sort, words };
};

const add = (chips: SearchClause[], clause: SearchClause) => {
  const text = formatClause(clause);
  if (!chips.some((one) => formatClause(one) === text)) chips.push(clause);
};

export const has = ({ chips }: Draft, clause: SearchClause): boolean =>
  chips.some((one) => formatClause(one) === formatClause(clause));

/** Puts a filter in, or takes it out where it stands already. */
export const toggled = (draft: Draft, clause: SearchClause): Draft => {
  const text = formatClause(clause);
  const chips = draft.chips.filter((one) => formatClause(one) !== text);
  return { ...draft, chips: chips.length < draft.chips.length ? chips : [...chips, clause] };
};

/** A negated text becomes what is searched for: a flag of a command as it was typed, a phrase as it stands. */
export const asText = (draft: Draft, clause: NegatedText): Draft => {
  const text = clause.text.replace(/["“”„]/gu, ' ').trim();
  const phrase = `"${clause.kind === 'word' ? '-' : ''}${text}"`;
  return {
    ...draft,
    chips: draft.chips.filter((one) => one !== clause),
    words: `${draft.words.trimEnd()} ${phrase} `.trimStart(),
  };
};

/** Months such as `2008-10`, both included. */
export interface MonthRange {
  from: string;
  to: string;
}

/** Only what was sent in these months; null: whenever. */
export const withMonths = (draft: Draft, range: MonthRange | null): Draft => {
  const chips = draft.chips.filter((clause) => clause.kind !== 'date');
  if (range === null) return { ...draft, chips };
  const date = (op: 'during' | 'after' | 'before', when: string): SearchClause => ({
    kind: 'date',
    op,
    when,
    not: false,
  });
  if (range.from === range.to) return { ...draft, chips: [...chips, date('during', range.from)] };
  return {
    ...draft,
    chips: [...chips, date('after', addMonths(range.from, -1)), date('before', addMonths(range.to, 1))],
  };
};

/** The months that `withMonths` has put in, within those that there are; null where there are none of its kind. */
export const monthsIn = ({ chips }: Draft): Partial<MonthRange> | null => {
  const range: Partial<MonthRange> = {};
  for (const clause of chips) {
    if (clause.kind !== 'date' || clause.not || !/^\d{4}-\d{2}$/.test(clause.when)) continue;
    if (clause.op === 'after') range.from = addMonths(clause.when, 1);
    else if (clause.op === 'before') range.to = addMonths(clause.when, -1);
    else Object.assign(range, { from: clause.when, to: clause.when });
  }
  return range.from || range.to ? range : null;
};

export const addMonths = (month: string, by: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const at = year * 12 + number - 1 + by;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
};
