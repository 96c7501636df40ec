import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { getLocale, getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';
import { AdminFrame } from '@/components/admin/admin-frame.tsx';
import { IntlProvider } from '@/i18n/intl-provider.tsx';
import { sameSitePath } from '@/lib/same-site-path.ts';
import { requireMe } from '@/server/pages.ts';

const adminMessages = async () => (await import(`@/messages/${await getLocale()}/admin.json`)).default;

export const metadata: Metadata = { robots: { index: false } };

/** For admins of the workspace; for anybody else there is no such page. Its texts come with it. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const me = await requireMe(sameSitePath((await headers()).get('x-path')));
  if (me.role !== 'admin') notFound();
  const messages = { ...(await getMessages()), admin: await adminMessages() };
  return (
    <IntlProvider locale={await getLocale()} messages={messages}>
      <AdminFrame>{children}</AdminFrame>
    </IntlProvider>
  );
}
