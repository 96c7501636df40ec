import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { AppBoot } from '@/components/shell/app-boot.tsx';
import { sameSitePath } from '@/lib/same-site-path.ts';
import { requireMe } from '@/server/pages.ts';

/**
 * Only for the signed-in, and only until the service worker is there: then (shell) answers the same addresses from
 * the cache. `x-path` is the address from server/main.ts, because Next does not pass it to layouts.
 */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const me = await requireMe(sameSitePath((await headers()).get('x-path')));
  return <AppBoot me={me}>{children}</AppBoot>;
}
