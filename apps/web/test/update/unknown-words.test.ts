import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { IntlProvider } from '../../i18n/intl-provider.tsx';
import type { Locale } from '../../i18n/locales.ts';
import { useTranslations } from '../../i18n/use-translations.ts';
import { isNewerThere, isOfMissingFile } from '../../lib/update/update.ts';
import en from '../../messages/en/common.json';
import enErrors from '../../messages/en/errors.json';
import zh from '../../messages/zh-CN/common.json';
import zhErrors from '../../messages/zh-CN/errors.json';

const TEXTS = { en: { common: en, errors: enErrors }, 'zh-CN': { common: zh, errors: zhErrors } };

const Code = ({ code }: { code: string }) => useTranslations('errors')(code as 'internal');

const shown = (locale: Locale, code: string) =>
  renderToStaticMarkup(
    createElement(IntlProvider, {
      locale,
      messages: TEXTS[locale] as never,
      onError: () => {},
      // biome-ignore lint/correctness/noChildrenProp: a .ts file has no other way
      children: createElement(Code, { code }),
    }),
  );

test('a word of a newer server, for which there is no text, asks for the update', () => {
  vi.stubGlobal('navigator', { language: 'en-GB' });
  expect(shown('en', 'poll_closed')).toBe('Update to see this');
  expect(shown('zh-CN', 'poll_closed')).toBe('更新后即可查看');
  expect(shown('en', 'internal')).toBe(enErrors.internal);
  vi.unstubAllGlobals();
});

test('a file of a build that is gone is told from other faults', () => {
  for (const [name, message] of [
    ['ChunkLoadError', 'Loading chunk 17 failed.'],
    ['Error', 'Failed to load chunk /_next/static/chunks/0abc.js from module 1'],
    ['TypeError', 'Failed to fetch dynamically imported module: http://localhost/a.js'],
  ])
    expect(isOfMissingFile(Object.assign(new Error(message), { name }))).toBe(true);
  for (const other of [new TypeError('fetch failed'), null, undefined, 'load', {}])
    expect(isOfMissingFile(other)).toBe(false);
});

test('loading anew brings something where the server, or the service worker, is newer', () => {
  const nothing = { serverVersion: null, isServed: true, isFileMissing: false, isReady: false };
  expect(isNewerThere(nothing)).toBe(false);
  expect(isNewerThere({ ...nothing, serverVersion: 1 })).toBe(false);
  for (const change of [{ serverVersion: 99 }, { isServed: false }, { isReady: true }])
    expect(isNewerThere({ ...nothing, ...change })).toBe(true);
});
