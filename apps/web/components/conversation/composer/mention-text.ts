import { foldName, MENTION, mention, type Person } from '@lockstep/protocol';

/** A mention in the text as the composer shows it: `@Name` from `start` to `end`, in UTF-16 units. */
export interface Mark {
  start: number;
  end: number;
  userId: string;
}

/**
 * What the composer holds: the text with `@Name` for each mention, and where these stand. A textarea can hold only text,
 * so the marks are kept beside it and follow every edit.
 */
export interface MarkedText {
  readonly text: string;
  readonly marks: readonly Mark[];
}

export const EMPTY: MarkedText = { text: '', marks: [] };

/** The stored form (`<@id>`) as it is shown. */
export const toShown = (stored: string, nameOf: (userId: string) => string | undefined): MarkedText => {
  const marks: Mark[] = [];
  let text = '';
  let from = 0;
  for (const match of stored.matchAll(MENTION)) {
    const userId = match[1] as string;
    text += stored.slice(from, match.index);
    const start = text.length;
    text += `@${nameOf(userId) ?? '…'}`;
    marks.push({ start, end: text.length, userId });
    from = match.index + match[0].length;
  }
  return { text: text + stored.slice(from), marks };
};

/** What is stored and sent for what is shown. */
export const toStored = ({ text, marks }: MarkedText): string => {
  let stored = '';
  let from = 0;
  for (const { start, end, userId } of marks) {
    stored += text.slice(from, start) + mention(userId);
    from = end;
  }
  return stored + text.slice(from);
};

/**
 * The marks after an edit that made `text`, with the caret (its end, where text was selected) at `caret`. What changed is
 * the one stretch before the caret; a mark that it touches becomes plain text, those after it move along.
 */
export const afterEdit = (before: MarkedText, text: string, caret: number): MarkedText => {
  if (before.marks.length === 0 || text === before.text) return { text, marks: before.marks };
  const most = Math.min(text.length - caret, before.text.length);
  let tail = 0;
  while (tail < most && text[text.length - 1 - tail] === before.text[before.text.length - 1 - tail]) tail++;
  const limit = Math.min(text.length, before.text.length) - tail;
  let head = 0;
  while (head < limit && text[head] === before.text[head]) head++;
  const changedEnd = before.text.length - tail;
  const shift = text.length - before.text.length;
  const marks = before.marks.flatMap((mark) => {
    if (mark.end <= head) return [mark];
    if (mark.start >= changedEnd) return [{ ...mark, start: mark.start + shift, end: mark.end + shift }];
    return [];
  });
  return { text, marks };
};

/** With one more mark, in order. */
export const withMark = ({ text, marks }: MarkedText, mark: Mark): MarkedText => ({
  text,
  marks: [...marks.filter((m) => m.end <= mark.start || m.start >= mark.end), mark].sort(
    (a, b) => a.start - b.start,
  ),
});

/** The mark that ends at the caret: Backspace takes it as a whole. */
export const markBefore = ({ marks }: MarkedText, caret: number): Mark | undefined =>
  marks.find((mark) => mark.end === caret);

/** Longest name that is looked for, in UTF-16 units. */
const QUERY_MAX = 40;

/**
 * The mention that is being typed at the caret: where its `@` stands and what follows it. Not inside a word (an e-mail
 * address); right after a Chinese character it may begin.
 */
export const queryAt = (shown: MarkedText, caret: number): { start: number; query: string } | null => {
  const before = shown.text.slice(Math.max(0, caret - QUERY_MAX - 1), caret);
  const match = /(?<![A-Za-z0-9._%+\-/@])[@＠]([^@＠\n]*)$/.exec(before);
  if (!match) return null;
  const query = match[1] ?? '';
  if (/^\s|\s{2}$/.test(query)) return null;
  const start = caret - query.length - 1;
  if (shown.marks.some((mark) => start >= mark.start && start < mark.end)) return null;
  return { start, query };
};

/** How well a name answers a query: 0 it begins with it, 1 a word of it does, 2 it has it inside; null not at all. */
const rank = (name: string, query: string): number | null => {
  const at = name.indexOf(query);
  if (at < 0) return null;
  if (at === 0) return 0;
  return name.includes(` ${query}`) ? 1 : 2;
};

export interface Candidate extends Pick<Person, 'id' | 'name' | 'admin' | 'lookAlike'> {
  placeholder?: boolean;
  /** Members of the conversation come first. */
  member: boolean;
}

/** Who may be meant by `query`, the best first, at most `limit`. */
export const candidatesFor = (
  people: readonly Candidate[],
  query: string,
  limit: number,
): readonly Candidate[] => {
  const folded = foldName(query);
  return people
    .flatMap((person) => {
      const ranked = rank(foldName(person.name), folded);
      return ranked === null ? [] : [{ person, ranked }];
    })
    .sort(
      (a, b) =>
        Number(b.person.member) - Number(a.person.member) ||
        a.ranked - b.ranked ||
        a.person.name.localeCompare(b.person.name),
    )
    .slice(0, limit)
    .map(({ person }) => person);
};
