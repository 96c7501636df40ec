/** A filter by a person or a conversation that is being written at the end of the field. */
interface OpenFilter {
  kind: 'from' | 'to' | 'mentions' | 'in';
  not: boolean;
  /** The part of a name that stands there; names may have spaces. */
  start: string;
  /** What stands before it. */
  rest: string;
}

const OPEN =
  /^(?<rest>.*\s|)(?<minus>-?)(?<kind>from|to|mentions|in)[:：][@＠#＃]?(?<start>[^:："“”„「『]*)$/isu;

export const openFilter = (words: string): OpenFilter | null => {
  const { rest = '', minus, kind = '', start = '' } = OPEN.exec(words)?.groups ?? {};
  if (kind === '') return null;
  return { kind: kind.toLowerCase() as OpenFilter['kind'], not: minus !== '', start, rest };
};
