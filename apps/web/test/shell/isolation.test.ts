import { NextIntlClientProvider } from 'next-intl';
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { usePlainTranslations, useTranslations } from '../../i18n/use-translations.ts';
import { isolated } from '../../lib/isolated.ts';
import admin from '../../messages/en/admin.json';
import common from '../../messages/en/common.json';
import conversation from '../../messages/en/conversation.json';
import search from '../../messages/en/search.json';
import settings from '../../messages/en/settings.json';
import shell from '../../messages/en/shell.json';

const NAME = 'אבגד';
const ISOLATED = `\u2068${NAME}\u2069`;
const messages = { admin, common, conversation, search, settings, shell };

type Messages = { [key: string]: string | Messages };
const flatten = (tree: Messages, prefix = ''): [key: string, text: string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );

/** Values for all that a message takes: a name wherever a text may stand. */
const valuesOf = (text: string): Record<string, unknown> =>
  Object.fromEntries([
    ...[...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, NAME]),
    ...[...text.matchAll(/\{(\w+), (plural|select)/g)].map(([, name, kind]) => [
      name,
      kind === 'plural' ? 2 : 'other',
    ]),
    ...[...text.matchAll(/<(\w+)>/g)].map(([, name]) => [name, (chunks: ReactNode) => chunks]),
  ]);

type Rich = { rich: (key: string, values: Record<string, unknown>) => ReactNode };
const written = (use: () => unknown, key: string, values: Record<string, unknown>): string => {
  const Sentence = () => (use() as Rich).rich(key, values);
  return renderToStaticMarkup(
    createElement(NextIntlClientProvider, {
      locale: 'en',
      messages,
      timeZone: 'UTC',
      // biome-ignore lint/correctness/noChildrenProp: a .ts file has no other way
      children: createElement(Sentence),
    }),
  );
};

const withNames = flatten(messages).filter(([, text]) => Object.values(valuesOf(text)).includes(NAME));

it('a name of Hebrew letters keeps its direction to itself in every sentence of the interface', () => {
  expect(withNames.length).toBeGreaterThan(90);
  for (const [key, text] of withNames) {
    const sentence = written(() => useTranslations(), key, valuesOf(text));
    expect(sentence, key).toContain(ISOLATED);
    expect(sentence.replaceAll(ISOLATED, ''), key).not.toContain(NAME);
  }
});

it('what is copied has no invisible signs, nor has a sentence about a name that is read as the sentence is', () => {
  const values = { name: NAME, time: '12:03' };
  expect(written(() => usePlainTranslations(), 'conversation.copied.head', values)).toBe(`${NAME}, 12:03`);
  for (const name of ['Ann', 'Béla Kovács', 'Анна', '安娜', '2nd floor'])
    expect(written(() => useTranslations(), 'conversation.copied.head', { name, time: '12:03' })).toBe(
      `${name}, 12:03`,
    );
});

it.each(['שרה', 'محمد', 'Ann שרה', 'ࡁ', '𞤀𞤁', 'ﬡ', 'ﺎ'])('%s is isolated', (name) => {
  expect(isolated(name)).toBe(`\u2068${name}\u2069`);
});
