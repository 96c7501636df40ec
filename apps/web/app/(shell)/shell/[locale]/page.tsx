import { notFound } from 'next/navigation';
import { AppBoot } from '@/components/shell/app-boot.tsx';
import { isLocale } from '@/i18n/locales.ts';

/**
 * The app without anybody in it: what the service worker keeps and serves at every address of the app (isAppPath).
 * Nothing here may depend on who asks: it is fetched without cookies, once a build.
 */
export default async function ShellPage({ params }: { params: Promise<{ locale: string }> }) {
  if (!isLocale((await params).locale)) notFound();
  return <AppBoot me={null} />;
}
