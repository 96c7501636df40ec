'use client';

import { NextIntlClientProvider } from 'next-intl';
import { type ComponentProps, useSyncExternalStore } from 'react';

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const never = () => () => {};

/** Times are shown in the zone of the device, which the server does not know. */
export function IntlProvider(props: Omit<ComponentProps<typeof NextIntlClientProvider>, 'timeZone'>) {
  const timeZone = useSyncExternalStore(never, zone, () => 'UTC');
  return <NextIntlClientProvider {...props} timeZone={timeZone} />;
}
