import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { shellLocale } from '../lib/pwa/paths.ts';
import { isLocale, LOCALE_COOKIE, matchLocale } from './locales.ts';
import { loadMessages } from './messages.ts';

export default getRequestConfig(async () => {
  const sent = await headers();
  // The app shell has its language in its address: it is kept for everyone who uses the browser.
  const chosen = shellLocale(sent.get('x-path')) ?? (await cookies()).get(LOCALE_COOKIE)?.value;
  const locale = isLocale(chosen) ? chosen : matchLocale(sent.get('accept-language'));
  return { locale, messages: await loadMessages(locale), timeZone: 'UTC' };
});
