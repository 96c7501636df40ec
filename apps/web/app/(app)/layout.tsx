import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { AppShell } from '@/components/shell/app-shell.tsx';
import { sameSitePath } from '@/lib/same-site-path.ts';
import { requireMe } from '@/lib/server.ts';

/** Only for the signed-in. `x-path` is the address as server.ts has seen it: layouts are not told by Next. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const me = await requireMe(sameSitePath((await headers()).get('x-path')));
  return <AppShell me={me}>{children}</AppShell>;
}
