import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  DATE_OPS,
  formatSearch,
  LIMITS,
  parseSearch,
  SEARCH_HAS,
  SEARCH_IS,
  SEARCH_SORTS,
  type SearchClause,
  type SearchPerson,
  type SearchQuery,
} from '../src/index.ts';

const runs = { numRuns: 2_000 };

const uuid = fc.uuid().map((value) => value.toLowerCase());
/** A word as one types it, which is neither a filter, a quote nor a negation. */
const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((text) => /^[\p{L}\p{N}]/u.test(text) && !/[\s*:：\p{Cc}]/u.test(text));
/** Names also have spaces, and may be as odd as `me`. */
const name = fc.oneof(
  word,
  fc.constantFrom('me', 'ME', '@ann', '#x', '<@x>', '「x', '“」', 'Ann Lee', "O'Neil", '李 雷'),
  fc.array(word, { minLength: 2, maxLength: 3 }).map((words) => words.join(' ').replace(/["“”„]/g, '')),
  uuid.map((id) => `<@${id}>`),
);
const person: fc.Arbitrary<SearchPerson> = fc.oneof(
  fc.constant({ me: true as const }),
  uuid.map((id) => ({ id })),
  name.map((text) => ({ name: text })),
);
const date = fc.oneof(
  fc.constantFrom('today', 'last-week', 'this-year', 'october', '2008', '2008-10', '1970-01'),
  fc
    .date({ min: new Date(0), max: new Date('9990-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10)),
);
const body: fc.Arbitrary<SearchClause> = fc.oneof(
  fc
    .record({
      kind: fc.constant('word' as const),
      text: fc.oneof(word, fc.constantFrom('ſ', 'K')),
      prefix: fc.boolean(),
      not: fc.boolean(),
    })
    // `-a` is a flag, and a word, and so is `-404`; unless it is the beginning of a word.
    .map((made) => ({
      ...made,
      not:
        made.not &&
        /^\p{L}/u.test(made.text) &&
        (made.prefix || !/^(?:[a-z0-9]{1,2}|[a-z]\d+|[a-z][\w.-]*=.*)$/i.test(made.text)),
    })),
  fc.record({
    kind: fc.constant('phrase' as const),
    text: fc
      .array(word, { minLength: 1, maxLength: 4 })
      .map((words) => words.join(' ').replace(/["“”„]/g, 'x')),
    not: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom('from' as const, 'to' as const, 'mentions' as const),
    who: person,
    not: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('in' as const),
    where: fc.oneof(
      uuid.map((id) => ({ id })),
      name.map((title) => ({ title })),
      person.map((who) => ({ person: who })),
    ),
    not: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('date' as const),
    op: fc.constantFrom(...DATE_OPS),
    when: date,
    not: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('has' as const), what: fc.constantFrom(...SEARCH_HAS), not: fc.boolean() }),
  fc.record({ kind: fc.constant('is' as const), what: fc.constantFrom(...SEARCH_IS), not: fc.boolean() }),
);
const query: fc.Arbitrary<SearchQuery> = fc
  .record({
    clauses: fc.array(body, { maxLength: 6 }),
    sort: fc.option(fc.constantFrom(...SEARCH_SORTS)),
  })
  .filter((made) => formatSearch(made).length <= LIMITS.searchText);

it('every query of the language survives being written and read', () => {
  fc.assert(
    fc.property(query, (made) => {
      expect(parseSearch(formatSearch(made)).query).toEqual(made);
    }),
    runs,
  );
});

const fragment = fc.oneof(
  fc.constantFrom(
    'from:',
    'in:#',
    '-',
    '"',
    '“',
    '”',
    '「',
    '『',
    '』',
    '：',
    '@',
    '<@',
    '*',
    ' ',
    '\u3000',
    'last week',
    'on:',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  uuid,
  word,
);

it('any text at all is read, its places are inside it, and what was read stays as it is', () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 40 }), fc.boolean(), (parts, typing) => {
      const text = parts.join('');
      const { query: first, spans, problems } = parseSearch(text, { typing });
      for (const [from, to] of [...spans, ...problems.map((p) => [p.from, p.to] as const)])
        expect(0 <= from && from <= to && to <= text.length).toBe(true);
      expect(spans).toHaveLength(first.clauses.length);
      const written = formatSearch(first);
      if (written.length <= LIMITS.searchText) expect(parseSearch(written).query).toEqual(first);
    }),
    runs,
  );
});
