import type { Change } from './operators.ts';

/** Whether a text is SQL. */
export const isSql = (text: string): boolean =>
  /\b(select|insert into|update|delete from|where|order by|join|union all|coalesce)\b[\s(]/i.test(text);

/** What becomes of a piece of SQL. The first group, where there is one, is what is replaced. */
const RULES: [pattern: RegExp, to: string][] = [
  [/(?<![<>=!\-@])>(?![=>])/g, '>='],
  [/>=/g, '>'],
  [/(?<![<])<(?![=>@-])/g, '<='],
  [/<=/g, '<'],
  [/\b(?:where|and|or|on|when)\s+(?:not )?[\w.(]+[\w.)]*\s(=)\s/g, '<>'],
  [/<>/g, '='],
  [/\bor\b/g, 'and'],
  [/\bis null\b/g, 'is not null'],
  [/\bis not null\b/g, 'is null'],
  [/\bis not distinct from\b/g, 'is distinct from'],
  [/\bis distinct from\b/g, 'is not distinct from'],
  [/\bnot exists\b/g, 'exists'],
  [/(?<!not )\bexists \(/g, 'not exists ('],
  [/\b(?:and|or|where|when)\s+(not )(?!exists)/g, ''],
  [/ desc\b/g, ''],
  [/ for update(?: of \w+)?| for no key update/g, ''],
  [/\bselect (distinct )/g, ''],
  [/ limit \$\d+/g, ''],
  [/\bgreatest\(/g, 'least('],
  [/\bleast\(/g, 'greatest('],
  [/\bmax\(/g, 'min('],
  [/\bmin\(/g, 'max('],
  [/ (\+) /g, '-'],
  [/ (-) /g, '+'],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  [/\bleft join\b(?! lateral)/g, 'join'],
];

/** Where a condition that begins with `and` ends: at what follows it, or where its bracket closes. */
const NEXT =
  /^\s*(?:\b(?:and|or|order by|group by|limit|returning|for update|for no key update|union|on conflict|then|left join|join|cross join|where|offset|fetch)\b|[;`])/;

const endOfCondition = (text: string, from: number): number => {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at] as string;
    if (char === "'") quoted = !quoted;
    if (quoted) continue;
    if (char === '(') depth++;
    if (char === ')' && --depth < 0) return at;
    if (depth === 0 && /[\s,]/.test(char) && (char === ',' || NEXT.test(text.slice(at)))) return at;
  }
  return depth === 0 ? text.length : -1;
};

/** The text without what stands in quotes, of the same length. */
const unquoted = (text: string): string =>
  text.replace(/'[^']*'/g, (quoted) => "'".padEnd(quoted.length, "'"));

/** Changes of a piece of SQL that stands at `offset` of its file. */
export const sqlChanges = (sql: string, offset: number): Change[] => {
  const text = unquoted(sql);
  const changes: Change[] = [];
  for (const [pattern, to] of RULES)
    for (const match of text.matchAll(pattern)) {
      const [whole, group] = match;
      const start = match.index + (group === undefined ? 0 : whole.lastIndexOf(group));
      changes.push({
        kind: 'sql',
        start: offset + start,
        end: offset + start + (group ?? whole).length,
        to,
      });
    }
  for (const { index } of text.matchAll(/\band\b/g)) {
    if (/between\s+(?:(?!\band\b)[^()])*$/.test(text.slice(Math.max(0, index - 60), index))) continue;
    changes.push({ kind: 'sql', start: offset + index, end: offset + index + 3, to: 'or' });
    const end = endOfCondition(text, index + 3);
    if (end > index + 3) changes.push({ kind: 'sql', start: offset + index, end: offset + end, to: '' });
  }
  return changes;
};
