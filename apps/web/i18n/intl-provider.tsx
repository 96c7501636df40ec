'use client';

import { NextIntlClientProvider } from 'next-intl';
import { type ComponentProps, useSyncExternalStore } from 'react';
import { regional } from '../lib/region.ts';
import { timeZone, watchTimeZone } from '../lib/time-zone.ts';
import type { Locale } from './locales.ts';

const never = () => () => {};

type Props = Omit<ComponentProps<typeof NextIntlClientProvider>, 'timeZone' | 'locale'> & { locale: string };

/** Dates are shown in the zone and in the way of the device, which the server does not know. */
export function IntlProvider({ locale, ...props }: Props) {
  const zone = useSyncExternalStore(watchTimeZone, timeZone, () => 'UTC');
  const local = useSyncExternalStore(
    never,
    () => regional(locale, navigator.language),
    () => locale,
  );
  /** What a newer server says and no word is there for, such as another kind of something in a list. */
  const fallback = () => props.messages?.common?.updateToSee ?? '…';
  return (
    <NextIntlClientProvider
      {...props}
      locale={local as Locale}
      timeZone={zone}
      getMessageFallback={fallback}
    />
  );
}
