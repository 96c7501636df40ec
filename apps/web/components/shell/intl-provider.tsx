'use client';

import { NextIntlClientProvider } from 'next-intl';
import { type ComponentProps, useSyncExternalStore } from 'react';
import { timeZone } from '@/lib/time-zone.ts';

const never = () => () => {};

/** Times are shown in the zone of the device, which the server does not know. */
export function IntlProvider(props: Omit<ComponentProps<typeof NextIntlClientProvider>, 'timeZone'>) {
  const zone = useSyncExternalStore(never, timeZone, () => 'UTC');
  return <NextIntlClientProvider {...props} timeZone={zone} />;
}
