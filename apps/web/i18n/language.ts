import { postToWorker } from '@/lib/pwa/register.ts';
import { LOCALE_COOKIE, type Locale } from './locales.ts';

/** Each language in itself. */
export const LOCALE_NAMES: Record<Locale, string> = { en: 'English', 'zh-CN': '简体中文' };

const YEAR_SECONDS = 31_536_000;

/** Remembers the language and loads the page again in it. */
export const setLocale = async (locale: string): Promise<void> => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we serve
  document.cookie = `${LOCALE_COOKIE}=${locale}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  await postToWorker({ type: 'locale', locale });
  window.location.reload();
};
