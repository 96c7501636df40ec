import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { AppBoot } from '@/components/shell/app-boot.tsx';
import { sameSitePath } from '@/lib/same-site-path.ts';
import { requireMe } from '@/server/pages.ts';

/**
 * Only for the signed-in, and only until the service worker is there: then (shell) answers the same addresses from the
 * cache. `x-path` is the address as server/main.ts has seen it: layouts are not told by Next.
 */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const me = await requireMe(sameSitePath((await headers()).get('x-path')));
  return <AppBoot me={me}>{children}</AppBoot>;
}
