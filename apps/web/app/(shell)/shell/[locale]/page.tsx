import { notFound } from 'next/navigation';
import { AppBoot } from '@/components/shell/app-boot.tsx';
import { isLocale } from '@/i18n/locales.ts';

/**
 * The app without personal data: the service worker caches it and serves it at every address of the app (isAppPath).
 * Nothing here may depend on the user: it is fetched without cookies, once per build.
 */
export default async function ShellPage({ params }: { params: Promise<{ locale: string }> }) {
  if (!isLocale((await params).locale)) notFound();
  return <AppBoot me={null} />;
}
