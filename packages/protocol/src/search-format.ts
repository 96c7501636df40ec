import type { SearchClause, SearchPerson, SearchPlace, SearchQuery } from './search-query.ts';

/** The text of a query: parseSearch reads the same query from it. */
export const formatSearch = ({ clauses, sort }: SearchQuery): string =>
  [...clauses.map(formatClause), ...(sort ? [`sort:${sort}`] : [])].join(' ');

export const formatClause = (clause: SearchClause): string => (clause.not ? '-' : '') + bodyOf(clause);

const bodyOf = (clause: SearchClause): string => {
  switch (clause.kind) {
    case 'word':
      return clause.prefix ? `${clause.text}*` : clause.text;
    case 'phrase':
      return `"${clause.text}"`;
    case 'from':
    case 'to':
    case 'mentions':
      return `${clause.kind}:${person(clause.who)}`;
    case 'in':
      return `in:${place(clause.where)}`;
    case 'date':
      return `${clause.op}:${clause.when}`;
    case 'has':
    case 'is':
      return `${clause.kind}:${clause.what}`;
  }
};

const person = (who: SearchPerson): string => {
  if ('me' in who) return 'me';
  return 'id' in who ? `<@${who.id}>` : `@${name(who.name)}`;
};

const place = (where: SearchPlace): string => {
  if ('id' in where) return `<#${where.id}>`;
  if ('title' in where) return `#${name(where.title)}`;
  return 'me' in where.person ? '@me' : person(where.person);
};

/** Bare where it reads the same, else in quotes. */
const name = (text: string): string =>
  /\s/u.test(text) || /^(?:["“”„「『]|<[@#][0-9a-f-]{36}>$|me$)/iu.test(text) ? `"${text}"` : text;
