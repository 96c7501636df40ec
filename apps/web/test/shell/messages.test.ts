import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '@lockstep/protocol';
import { createTranslator } from 'next-intl';
import { expect, test } from 'vitest';
import { LOCALES } from '../../i18n/locales.ts';

const web = join(import.meta.dirname, '../..');
const folder = join(web, 'messages');
const NAMESPACES = readdirSync(join(folder, 'en')).map((file) => file.replace('.json', ''));

type Messages = { [key: string]: string | Messages };
const load = (locale: string, namespace: string): Messages =>
  JSON.parse(readFileSync(join(folder, locale, `${namespace}.json`), 'utf8'));

const flatten = (messages: Messages, prefix = ''): Map<string, string> =>
  new Map(
    Object.entries(messages).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)],
    ),
  );

/** Names of the values and tags that a message takes: {count}, {count, plural, …}, <link>. */
const slots = (text: string): string[] => {
  const names = [...text.matchAll(/\{\s*(\w+)\s*[,}]/g), ...text.matchAll(/<(\w+)>/g)].map(
    (match) => match[1],
  );
  return [...new Set(names)].filter((name) => name !== undefined).sort();
};

const sources = (path: string): string =>
  readdirSync(join(web, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

test('there are namespaces to check', () => {
  expect(NAMESPACES).toEqual(expect.arrayContaining(['auth', 'common', 'conversation', 'errors', 'shell']));
});

for (const namespace of NAMESPACES) {
  const english = flatten(load('en', namespace));

  for (const locale of LOCALES.filter((each) => each !== 'en')) {
    const other = flatten(load(locale, namespace));

    test(`${namespace}: ${locale} has the keys of en, in the same order`, () => {
      expect([...other.keys()]).toEqual([...english.keys()]);
    });

    test(`${namespace}: ${locale} takes the same values as en, and says something`, () => {
      for (const [key, text] of other) {
        expect(slots(text), `${namespace}.${key}`).toEqual(slots(english.get(key) ?? ''));
        expect(text.trim(), `${namespace}.${key}`).not.toBe('');
      }
    });
  }
}

test.each(LOCALES)(
  '%s: who edits is told otherwise where only the author may read the earlier text',
  (locale) => {
    const versionsKept = [...flatten(load(locale, 'conversation'))].find(
      ([key]) => key === 'composer.versionsKept',
    )?.[1];
    const t = createTranslator({ locale, messages: { versionsKept: versionsKept ?? '' } });
    const texts = ['members', 'author'].map((readers) => t('versionsKept', { readers }));
    expect(new Set(texts).size).toBe(2);
    for (const text of texts) expect(text).not.toMatch(/[{}]|versionsKept/);
  },
);

test('every error code has a text', () => {
  expect([...flatten(load('en', 'errors')).keys()].sort()).toEqual([...ERROR_CODES].sort());
});

test('no text is left over', () => {
  const code = sources('components') + sources('app');
  const unused = ['auth', 'common', 'shell'].flatMap((namespace) =>
    [...flatten(load('en', namespace)).keys()]
      .filter((key) => !code.includes(`'${key}'`) && !code.includes(`'${namespace}.${key}'`))
      .map((key) => `${namespace}.${key}`),
  );
  expect(unused).toEqual([]);
});
