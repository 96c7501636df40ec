import type { SearchClause, SearchConversation, SearchPerson, SearchQuery } from './search-schema.ts';

/** The text of a query: parseSearch reads the same query from it. */
export const formatSearch = ({ clauses, sort }: SearchQuery): string =>
  [...clauses.map(formatClause), ...(sort ? [`sort:${sort}`] : [])].join(' ');

export const formatClause = (clause: SearchClause): string => (clause.not ? '-' : '') + bodyOf(clause);

const bodyOf = (clause: SearchClause): string => {
  switch (clause.kind) {
    case 'word':
      return clause.prefix ? `${clause.text}*` : clause.text;
    case 'phrase':
      return `"${clause.text}${clause.prefix ? '*' : ''}"`;
    case 'from':
    case 'to':
    case 'mentions':
      return `${clause.kind}:${person(clause.who)}`;
    case 'in':
      return `in:${conversation(clause.where)}`;
    case 'date':
      return `${clause.op}:${clause.when}`;
    case 'has':
    case 'is':
      return `${clause.kind}:${clause.what}`;
  }
};

const person = (who: SearchPerson): string => {
  if ('me' in who) return 'me';
  return 'id' in who ? `<@${who.id}>` : `@${name(who.name, who.quoted)}`;
};

const conversation = (where: SearchConversation): string => {
  if ('id' in where) return `<#${where.id}>`;
  if ('title' in where) return `#${name(where.title, where.quoted)}`;
  return 'me' in where.person ? '@me' : person(where.person);
};

/** Whether a name reads the same without quotes, where no word stands behind it that it could go on with. */
export const isBareName = (text: string): boolean =>
  text !== '' && !/\s/u.test(text) && !/^(?:["“”„「『]|<[@#][0-9a-f-]{36}>$|me$)/iu.test(text);

/** In quotes where it has to be, or was: a name that has quotes in it stands in others, which do not end inside of it. */
const name = (text: string, quoted = false): string => {
  if (!quoted && isBareName(text)) return text;
  if (!/["“”„]/u.test(text)) return `"${text}"`;
  return text.includes('」') ? `『${text}』` : `「${text}」`;
};
