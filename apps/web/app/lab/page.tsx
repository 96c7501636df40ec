import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getLocale, getMessages } from 'next-intl/server';
import { LabPage } from '@/components/lab/lab-page.tsx';
import { IntlProvider } from '@/i18n/intl-provider.tsx';
import { isLab } from '@/server/pages.ts';

/** Whether it exists is decided per request, not at build time. */
export const dynamic = 'force-dynamic';

const labMessages = async () => (await import(`@/messages/${await getLocale()}/lab.json`)).default;

export async function generateMetadata(): Promise<Metadata> {
  return isLab() ? { title: `${(await labMessages()).title} · Lockstep` } : {};
}

/** Development and test runs only (docs/testing.md). Its texts come with it: no other page carries them. */
export default async function DeviceLabPage() {
  if (!isLab()) notFound();
  const messages = { ...(await getMessages()), lab: await labMessages() };
  return (
    <IntlProvider locale={await getLocale()} messages={messages}>
      <LabPage />
    </IntlProvider>
  );
}
